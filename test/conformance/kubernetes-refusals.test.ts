import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { KubernetesOptions } from "../../components/index";
import { ownCluster } from "../../systems/cluster";
import { expiredCertificate } from "../support/expired-certificate";
import { PulumiStack, type Run } from "./harness/pulumi";
import { cluster } from "./kubernetes/cluster";
import { kubernetesPlatform } from "./kubernetes/platform";
import { type Settings, settingsVariable } from "./programs/settings";

const kubeconfig = z
  .object({
    clusters: z.tuple([z.object({ cluster: z.record(z.string(), z.unknown()) }).loose()]),
    users: z.tuple([z.object({ user: z.record(z.string(), z.unknown()) }).loose()]),
  })
  .loose();

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a cluster that cannot take a system", function () {
  this.timeout(240_000);
  const prefix = `twofold-test-${randomBytes(4).toString("hex")}`;
  const namespace = `${prefix}-pair`;
  let folder = "";
  let image = "";
  let stack: PulumiStack;

  before(async function () {
    const missing = await kubernetesPlatform.missing();
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    image = await kubernetesPlatform.image();
    folder = mkdtempSync(join(tmpdir(), "twofold-"));
    stack = await PulumiStack.create(prefix, "of no secrets");
  });

  after(async () => {
    if (folder === "") return;
    stack.remove();
    rmSync(folder, { recursive: true });
    await kubernetesPlatform.live(prefix).sweep();
  });

  const settings = (kubernetes: Partial<KubernetesOptions>): Record<string, string> => {
    const outside = { host: "192.0.2.1", port: 80 } as Settings["variant"]["outside"];
    const variant = { image, hostNumber: 0, publicNumber: 0, outside, hostFolder: folder, changes: {} };
    const all: Settings = { platform: "kubernetes", system: "pair", prefix, addresses: "", variant, kubernetes };
    return { [settingsVariable]: JSON.stringify(all) };
  };
  const up = (kubernetes: Partial<KubernetesOptions> = {}): Promise<Run> => stack.up(settings(kubernetes));

  /** A copy of the clone's kubeconfig with other words in it. */
  const changed = (change: (cluster: Record<string, unknown>, user: Record<string, unknown>) => void): string => {
    const content = kubeconfig.parse(parse(readFileSync(ownCluster.kubeconfig, "utf8")));
    change(content.clusters[0].cluster, content.users[0].user);
    const path = join(folder, "kubeconfig");
    writeFileSync(path, stringify(content));
    return path;
  };

  const namespaces = async (): Promise<readonly string[]> =>
    (await cluster().core.listNamespace()).items.flatMap(({ metadata }) => metadata?.name ?? []);

  const unreachable: readonly [string, () => Partial<KubernetesOptions>, RegExp][] = [
    [
      "has no kubeconfig",
      () => ({ kubeconfig: join(folder, "absent") }),
      /kubeconfig: is \S+absent, which is not there/,
    ],
    ["has no such context", () => ({ context: "twofould" }), /context: is "twofould", .*; did you mean twofold\?/],
    [
      "is asked with a certificate that has expired",
      () => ({
        kubeconfig: changed((_cluster, user) => {
          delete user["client-certificate"];
          user["client-certificate-data"] = base64(expiredCertificate);
        }),
      }),
      /has a client certificate that expired on 2020-02-01T00:00:00\.000Z; get a new kubeconfig/,
    ],
    [
      "is not the one that the kubeconfig was written for",
      () => ({
        kubeconfig: changed((cluster) => {
          delete cluster["certificate-authority"];
          cluster["certificate-authority-data"] = base64(expiredCertificate);
        }),
      }),
      /is from another authority than the kubeconfig's; get the kubeconfig of the cluster that is there now/,
    ],
    [
      "does not answer",
      () => ({ kubeconfig: changed((cluster) => Object.assign(cluster, { server: "https://127.0.0.1:1" })) }),
      /the cluster at https:\/\/127\.0\.0\.1:1 \(context twofold\) does not answer \(.*\); start it, or choose another/,
    ],
    [
      "has no such storage class",
      () => ({ storageClass: "nowhere" }),
      /kubernetes\.storageClass: is nowhere, which the cluster does not have; use local-path/,
    ],
  ];
  for (const [what, options, says] of unreachable) {
    it(`is told so when it ${what}, and nothing is made`, async () => {
      const { code, output } = await up(options());
      assert.notEqual(code, 0);
      assert.match(output, says);
      assert.equal((await namespaces()).includes(namespace), false);
    });
  }

  it("need not answer for a preview, which says so", async () => {
    const other = changed((cluster) => Object.assign(cluster, { server: "https://127.0.0.1:1" }));
    const { code, output, changes } = await stack.preview(settings({ kubeconfig: other }));
    assert.equal(code, 0, output);
    assert.match(output, /warning: the cluster at \S+ .* does not answer .*; the preview shows what would be made/);
    assert.ok((changes["create"] ?? 0) > 10, JSON.stringify(changes));
  });

  it("keeps a namespace of somebody else's as it is, and says how it can be handed over", async () => {
    await cluster().core.createNamespace({ body: { metadata: { name: namespace } } });
    const before = await cluster().core.readNamespace({ name: namespace });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /namespace \S+-pair: exists already, and belongs to nobody that is known here; choose another/,
    );
    assert.deepEqual(await cluster().core.readNamespace({ name: namespace }), before);
    const [, annotation] = /annotate namespace \S+ (twofold\.stack=\S+)\)/.exec(output) ?? [];
    assert.equal(annotation, `twofold.stack=conformance/${prefix}`);
    const annotations = { "twofold.stack": `conformance/${prefix}` };
    await cluster().core.replaceNamespace({ name: namespace, body: { metadata: { name: namespace, annotations } } });
  });

  it("keeps what somebody else has in it under a name that the system needs", async () => {
    const name = "client";
    await cluster().core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
    const before = await cluster().core.readNamespacedServiceAccount({ namespace, name });
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /ServiceAccount client: is in the namespace \S+ already, and belongs to nobody that is known here/,
    );
    assert.deepEqual(await cluster().core.readNamespacedServiceAccount({ namespace, name }), before);
    await cluster().core.deleteNamespacedServiceAccount({ namespace, name });
  });

  it("says soon that a quota is too small, and the next run goes on when it is not", async () => {
    const body = { metadata: { name: "small" }, spec: { hard: { "limits.memory": "32Mi" } } };
    await cluster().core.createNamespacedResourceQuota({ namespace, body });
    const { code, output, seconds } = await up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /store is not ready: the cluster refuses to make its pods: .*exceeded quota: small.*; raise the quota/,
    );
    assert.ok(seconds < 60, `it took ${seconds} s`);
    await cluster().core.deleteNamespacedResourceQuota({ namespace, name: "small" });
    const again = await up();
    assert.equal(again.code, 0, again.output);
    const { code: ended, output: last } = await stack.destroy(settings({}));
    assert.equal(ended, 0, last);
    assert.equal((await namespaces()).includes(namespace), false);
  });
});
