import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { defineSystem } from "../../components/core/system";
import { text } from "../../components/core/value";
import { System } from "../../components/system";
import { type KubernetesOptions, kubernetes } from "../../components/targets/kubernetes/kubernetes";
import { leaks, markerOf, only, type Recorded, type Rendered, render, revealed } from "../support/mocks";

const types = {
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
  config: "kubernetes:core/v1:ConfigMap",
  deployment: "kubernetes:apps/v1:Deployment",
  job: "kubernetes:batch/v1:Job",
  namespace: "kubernetes:core/v1:Namespace",
  policy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  provider: "pulumi:providers:kubernetes",
  secret: "kubernetes:core/v1:Secret",
  service: "kubernetes:core/v1:Service",
  stateful: "kubernetes:apps/v1:StatefulSet",
};
const workloads = [types.deployment, types.stateful, types.job, "kubernetes:batch/v1:CronJob"];
const image = "shop/api:1.4.2";

const shop = defineSystem("shop", (system) => {
  const password = system.secret("password");
  const db = system.service("db", {
    kind: "stateful",
    image,
    ports: { pg: { number: 5432 } },
    files: [
      { path: "/run/secrets/password", content: password, mode: 0o400 },
      { path: "/etc/db/db.conf", content: "fsync = on\n" },
    ],
    volumes: { data: { path: "/data" } },
    probes: { ready: { exec: ["pg_isready"] } },
  });
  const migrate = system.service("migrate", { kind: "job", image, ports: { done: { number: 1 } } });
  migrate.connectsTo(db);
  const api = system.service("api", {
    image,
    ports: { http: { number: 8080 } },
    autoscale: { min: 2, max: 5, cpuPercent: 60 },
  });
  api.connectsTo(db, { env: ({ host }) => ({ DSN: text`pg://app:${password}@${host}`, POOL: "20" }) });
  api.connectsTo(migrate);
  const web = system.service("web", { image, ports: { http: { number: 80, exposure: "public" } } });
  web.connectsTo(api);
  system.service("admin", { image, ports: { http: { number: 8080, exposure: "loopback", hostNumber: 18_080 } } });
  system.service("nightly", { kind: "cron", schedule: "0 3 * * *", image });
});

describe("Kubernetes resources", () => {
  let folder = "";
  let kubeconfig = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "twofold-"));
    kubeconfig = join(folder, "config");
    const clusters = [{ name: "lab", cluster: { server: "https://lab.example:6443" } }];
    const contexts = [{ name: "lab", context: { cluster: "lab" } }];
    writeFileSync(kubeconfig, stringify({ clusters, contexts, "current-context": "lab" }));
  });
  after(() => rmSync(folder, { recursive: true }));

  const deploy = (options: Partial<KubernetesOptions> = {}, preview = false): Promise<Rendered<System>> =>
    render(() => {
      const chosen = { context: "lab", kubeconfig, ingress: { domain: "example.org" }, ...options };
      return new System("shop", shop, { target: kubernetes(chosen) });
    }, preview);
  const ofKubernetes = (resources: readonly Recorded[]) =>
    resources.filter(({ type }) => type.startsWith("kubernetes:"));

  describe("of a system", () => {
    let resources: readonly Recorded[];
    let system: System;
    before(async () => {
      ({ resources, result: system } = await deploy());
    });

    it("are what is rendered, by their names in the namespace", () => {
      const workloadNames = ofKubernetes(resources)
        .filter(({ type }) => workloads.includes(type))
        .map(({ type, name }) => `${type} ${name}`);
      assert.deepEqual(workloadNames, [
        `${types.deployment} shop-admin`,
        `${types.deployment} shop-api`,
        `${types.deployment} shop-web`,
        `${types.stateful} shop-db`,
        "kubernetes:batch/v1:CronJob shop-nightly",
        `${types.job} shop-migrate`,
      ]);
      const { inputs } = only(resources, types.service, "shop-db-pods");
      assert.deepEqual(inputs["spec"], {
        clusterIP: "None",
        ports: [{ name: "pg", port: 5432, protocol: "TCP", targetPort: 5432 }],
        selector: { "app.kubernetes.io/name": "db" },
      });
    });

    it("belong to their service, and what services share to the system", () => {
      const shared = ["shop", "shop-all.deny", "shop-all.dns"];
      for (const { name, type, parent, inputs } of ofKubernetes(resources)) {
        const { labels } = inputs["metadata"] as { labels: Record<string, string> };
        const service = labels["app.kubernetes.io/name"];
        assert.equal(parent, shared.includes(name) ? "shop" : `shop-${service ?? ""}`, `${type} ${name}`);
      }
    });

    it("are made by one provider of the system, for the context that was named and no other", () => {
      const { inputs, parent } = only(resources, types.provider, "shop-cluster");
      assert.deepEqual(inputs, {
        ...{ context: "lab", kubeconfig, enableServerSideApply: "true" },
        ...{ enableConfigMapMutable: "true", enableSecretMutable: "true" },
      });
      assert.equal(parent, "shop");
      for (const { provider, name } of ofKubernetes(resources)) assert.equal(provider, "shop-cluster", name);
    });

    it("carry the id of their deployment and the name of their stack, and are written in one name", () => {
      for (const { inputs, name } of ofKubernetes(resources)) {
        const { labels, annotations } = inputs["metadata"] as Record<string, Record<string, string>>;
        assert.equal(labels?.["twofold.owner"], "shop-owner-value", name);
        assert.equal(annotations?.["twofold.stack"], "shop-project/test", name);
        assert.equal(annotations?.["pulumi.com/patchFieldManager"], "twofold", name);
        assert.equal(annotations?.["pulumi.com/patchForce"], "true", name);
      }
      const { inputs, ignoreChanges } = only(resources, "pulumi:index:Stash", "shop-owner");
      assert.match(String(inputs["input"]), /^[0-9a-f-]{36}$/);
      assert.deepEqual(ignoreChanges, ["input"]);
    });

    it("come after the namespace, workloads after all that their pods need and wait for", () => {
      const later = ["HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"];
      for (const { dependsOn, name, type } of ofKubernetes(resources))
        if (type !== types.namespace)
          assert.ok(dependsOn.includes(later.some((kind) => type.endsWith(kind)) ? name : "shop"), `${type} ${name}`);
      const follows = (name: string, type: string, before: readonly string[]) => {
        const { dependsOn } = only(resources, type, name);
        for (const each of before) assert.ok(dependsOn.includes(each), `${each} is not among ${dependsOn.join(", ")}`);
      };
      follows("shop-db", types.stateful, ["shop-all.deny", "shop-db-pods", "shop-volume-data-db-0"]);
      follows("shop-migrate", types.job, ["shop-db"]);
      follows("shop-api", types.deployment, ["shop-db", "shop-migrate", "shop-all.dns"]);
      follows("shop-web", types.deployment, ["shop-api"]);
    });

    it("are waited for by the program and not by the provider, but for their end", () => {
      const waits = (type: string, name: string) => {
        const { annotations } = only(resources, type, name).inputs["metadata"] as Record<
          string,
          Record<string, string>
        >;
        return [
          annotations?.["pulumi.com/skipAwait"],
          annotations?.["pulumi.com/waitFor"],
          annotations?.["pulumi.com/replaceUnready"],
        ];
      };
      assert.deepEqual(waits(types.deployment, "shop-api"), [undefined, "jsonpath={.metadata.uid}", undefined]);
      assert.deepEqual(waits(types.job, "shop-migrate"), [undefined, "jsonpath={.metadata.uid}", "true"]);
      assert.deepEqual(waits(types.service, "shop-api"), ["true", undefined, undefined]);
      assert.deepEqual(waits(types.config, "shop-db"), [undefined, undefined, undefined]);
    });

    it("go with the namespace, but for workloads and their volumes, whose end is waited for in order", () => {
      const apart = [types.namespace, types.claim, ...workloads];
      for (const { type, name, deletedWith } of ofKubernetes(resources))
        assert.equal(deletedWith, apart.includes(type) ? "" : "shop", `${type} ${name}`);
    });

    it("begin with as many pods as the autoscaler keeps at least, and leave their number to it from then on", () => {
      const { inputs, ignoreChanges } = only(resources, types.deployment, "shop-api");
      assert.deepEqual([(inputs["spec"] as { replicas: number }).replicas, ignoreChanges], [2, ["spec.replicas"]]);
      assert.deepEqual(only(resources, types.deployment, "shop-web").ignoreChanges, []);
    });

    it("show a secret nowhere but in envelopes, and those in Secrets alone", () => {
      const marker = markerOf("shop-password");
      const { stringData } = only(resources, types.secret, "shop-db").inputs;
      assert.deepEqual(Object.values(revealed(stringData) as object), [marker]);
      for (const { name, inputs } of resources)
        for (const hidden of [marker, Buffer.from(marker).toString("base64")])
          assert.deepEqual(leaks(inputs, hidden), [], name);
      const holders = ofKubernetes(resources).filter(({ inputs }) => JSON.stringify(inputs).includes(marker));
      assert.deepEqual([...new Set(holders.map(({ type }) => type))], [types.secret]);
    });

    it("say where they answer: a URL, or the command that opens a way", async () => {
      const addresses = await new Promise((resolve) => system.endpoints.apply(resolve));
      assert.deepEqual(addresses, {
        "admin/http": `kubectl --kubeconfig ${kubeconfig} --context lab -n shop port-forward service/admin 18080:8080`,
        "web/http": "http://web-shop.example.org",
      });
      assert.equal(await pulumi.isSecret(system.endpoints), false);
    });
  });

  it("stay with their namespace when they are volumes that are to be kept", async () => {
    const { resources } = await deploy({ keepVolumes: true });
    assert.equal(only(resources, types.namespace, "shop").retainOnDelete, true);
    assert.equal(only(resources, types.claim, "shop-volume-data-db-0").retainOnDelete, true);
    assert.equal(only(resources, types.config, "shop-db").retainOnDelete, false);
    assert.deepEqual(
      ofKubernetes(resources).filter(({ deletedWith }) => deletedWith !== ""),
      [],
    );
  });

  it("have the namespace in their names, so that a system can be there twice", async () => {
    const { resources } = await deploy({ namespace: "blue-shop" });
    assert.equal(only(resources, types.deployment, "blue-shop-api").dependsOn.includes("blue-shop"), true);
  });

  it("are the same in a preview", async () => {
    const namesOf = ({ resources }: Rendered<System>) => resources.map(({ type, name }) => `${type} ${name}`);
    assert.deepEqual(namesOf(await deploy({}, true)), namesOf(await deploy()));
  });

  it("are not made when the context is unknown: the mistake is shown without a stack trace", async () => {
    await assert.rejects(deploy({ context: "labb" }), (error: unknown) => {
      assert.ok(pulumi.ResourceError.isInstance(error));
      assert.match(error.message, /^kubernetes target: 1 problem\n {2}context: is "labb", .*; did you mean lab\?$/);
      return true;
    });
  });
});
