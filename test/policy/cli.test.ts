import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { hasPulumi, type PolicyEvent, preview } from "./support/preview";

const program = join(__dirname, "program");
const root = join(__dirname, "../..");

/** Every rule that was gone against, with its level. */
const levels = (violations: readonly PolicyEvent[]): Readonly<Record<string, string>> =>
  Object.fromEntries(violations.map(({ policyName, enforcementLevel }) => [policyName, enforcementLevel]).sort());

describe("pulumi preview under the policy pack", function () {
  this.timeout("2m");

  before(async function () {
    if (!(await hasPulumi("docker"))) {
      console.log("      skipped: there is no pulumi with the provider docker; make setup builds it");
      this.skip();
    }
  });

  it("forbids what is critical or high, and advises on the rest", async () => {
    const { code, violations, output } = await preview(program);
    assert.deepEqual(
      levels(violations),
      { "high-uid": "advisory", "image-digest": "advisory", "memory-limit": "mandatory", "no-privileged": "mandatory" },
      output,
    );
    assert.notEqual(code, 0);
    assert.match(output, /\[mandatory\] +\[severity: critical\] +no-privileged +\(docker:index:Container: api\)/);
    assert.match(output, /api has no limit of memory/);
  });

  it("takes levels and exemptions from the stack's configuration", async () => {
    const exemption = { resource: "api", rule: "no-privileged", reason: "a test", until: "2999-12-31" };
    const { code, violations, output } = await preview(program, {
      config: {
        "policy:enforcement": { critical: "advisory", high: "advisory", medium: "disabled", "high-uid": "disabled" },
        "policy:exemptions": [exemption, { ...exemption, rule: "memory-limit", until: "2020-01-01" }],
      },
    });
    // the rule about exemptions is of medium severity, too
    assert.deepEqual(levels(violations), { "memory-limit": "advisory" }, output);
    assert.equal(code, 0, output);
  });

  it("takes levels from Pulumi's own configuration of packs", async () => {
    const { code, violations, output } = await preview(program, {
      packConfig: { all: "disabled", "image-digest": "mandatory", "exemption-has-reason": "mandatory" },
      config: { "policy:exemptions": [{ rule: "image-digset" }] },
    });
    assert.deepEqual(levels(violations), { "exemption-has-reason": "mandatory", "image-digest": "mandatory" }, output);
    assert.notEqual(code, 0);
  });

  const fates: Readonly<Record<string, readonly [Readonly<Record<string, string>>, readonly string[]]>> = {
    "stays as it is": [{ TEST_VOLUME: "orders" }, []],
    "is replaced": [{ TEST_VOLUME: "others" }, ["orders would be replaced, with the data in it"]],
    "is deleted": [{}, ["orders would be deleted, with the data in it"]],
  };
  for (const [fate, [env, messages]] of Object.entries(fates))
    it(`sees by the last state that a volume ${fate}`, async () => {
      const packConfig = { all: "disabled", "no-loss-of-data": "mandatory" };
      const { violations, output } = await preview(program, { state: stateWithVolume(), packConfig, env });
      assert.deepEqual(
        violations.map(({ message }) => message.trim().split("\n").at(-1)),
        messages,
        output,
      );
    });

  it("finds wrong with algo-trading in development what is known, and forbids nothing", async () => {
    const config = { ...configOf("dev"), "twofold:imageSource": "local" };
    const { code, violations, output } = await preview(root, { config });
    const wrong = ["high-uid", "image-digest", "no-host-path", "stateful-has-backup", "stateful-protected"];
    assert.deepEqual(levels(violations), Object.fromEntries(wrong.map((id) => [id, "advisory"])), output);
    assert.equal(code, 0, output);
  });

  it("finds wrong with algo-trading in production what is known", async function () {
    if (!(await hasPulumi("kubernetes"))) this.skip();
    const folder = mkdtempSync(join(tmpdir(), "twofold-"));
    try {
      const kubeconfig = join(folder, "config");
      writeFileSync(kubeconfig, stringify(noCluster));
      const config = { ...configOf("prod"), "twofold:imageSource": "local", "twofold:kubeContext": "nowhere" };
      const { code, violations, output } = await preview(root, { config, env: { KUBECONFIG: kubeconfig } });
      const found = levels(violations);
      assert.deepEqual(
        Object.entries(found).filter(([, level]) => level !== "advisory"),
        [],
        output,
      );
      // Whether images have digests depends on what the registry has already.
      const always = [
        ...["guaranteed-for-stateful", "high-uid", "min-replicas", "namespace-quota"],
        // of the operator, and of what asks the cluster's API
        ...["no-automount-token", "no-pod-creator"],
        "priority-class",
      ];
      const known = [...always, "stateful-has-backup", "stateful-protected"];
      const unpushed = ["image-digest", "pull-policy-matches-pin"];
      assert.deepEqual(
        Object.keys(found).filter((id) => !unpushed.includes(id)),
        known,
        output,
      );
      assert.equal(code, 0, output);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const noCluster = {
  clusters: [{ name: "none", cluster: { server: "http://127.0.0.1:9" } }],
  contexts: [{ name: "nowhere", context: { cluster: "none", user: "nobody" } }],
  users: [{ name: "nobody", user: {} }],
};

function configOf(stack: string): Readonly<Record<string, unknown>> {
  const file = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return file.config;
}

/** A state in which the program had a volume. */
function stateWithVolume(): object {
  const urn = (type: string, name: string): string => `urn:pulumi:test::policy-program::${type}::${name}`;
  const stack = urn("pulumi:pulumi:Stack", "policy-program-test");
  const provider = urn("pulumi:providers:docker", "default_5_2_0");
  const volume = { name: "orders", mountpoint: "/var/lib/docker/volumes/orders/_data" };
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
      resources: [
        { urn: stack, custom: false, type: "pulumi:pulumi:Stack" },
        {
          urn: provider,
          custom: true,
          id: "p",
          type: "pulumi:providers:docker",
          inputs: { version: "5.2.0" },
          parent: stack,
        },
        {
          ...{ urn: urn("docker:index/volume:Volume", "orders"), custom: true, id: "orders", parent: stack },
          ...{
            type: "docker:index/volume:Volume",
            provider: `${provider}::p`,
            inputs: { name: "orders" },
            outputs: volume,
          },
        },
      ],
    },
  };
}
