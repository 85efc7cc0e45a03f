import assert from "node:assert/strict";
import { ClusterError } from "../../components/targets/kubernetes/client";
import type { Cluster } from "../../components/targets/kubernetes/cluster";
import type { Metadata } from "../../components/targets/kubernetes/live";
import type { KubernetesModel } from "../../components/targets/kubernetes/model";
import { inspect } from "../../components/targets/kubernetes/preflight";
import { fakeCluster, metadataOf } from "../support/fake-cluster";
import { image, kubernetesModelOf } from "../support/kubernetes";

const deployer = { owner: "mine", stack: "shop/prod" };
const mine = { labels: { "twofold.owner": "mine" } };

/** A system with everything that asks something of a cluster. */
const demanding = kubernetesModelOf(
  (system) => {
    const ports = { http: { number: 8080, exposure: "public" } } as const;
    system.service("web", { image, ports });
    system.service("api", { image, autoscale: { min: 1, max: 3, cpuPercent: 50 } });
    system.service("db", { kind: "stateful", image, volumes: { data: { path: "/data" } } });
  },
  { ingress: { domain: "example.org", className: "traefik" } },
);
const modest = kubernetesModelOf((system) => void system.service("api", { image }));

/** A cluster with what is given in the namespace shop and outside of all. */
function cluster(objects: Readonly<Record<string, readonly Metadata[]>> = {}, answers: Partial<Cluster> = {}): Cluster {
  return fakeCluster({
    namespace: async () => undefined,
    objects: async (_apiVersion, plural, namespace) => objects[`${namespace ?? ""}/${plural}`] ?? [],
    serves: async () => true,
    ...answers,
  });
}

const defaultClass = metadataOf({
  name: "local",
  annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
});
const able = { "/storageclasses": [defaultClass], "/ingressclasses": [metadataOf({ name: "traefik" })] };

/** What is said of a cluster that can take the system. */
const warnings = async (on: Cluster, model: KubernetesModel): Promise<readonly string[]> =>
  (await inspect(on, model, deployer)).warnings;

/** The lines of the refusal. */
async function problems(model: KubernetesModel, on: Cluster): Promise<readonly string[]> {
  const refusal = await inspect(on, model, deployer).then(
    () => assert.fail("nothing is wrong"),
    (error: Error) => error.message,
  );
  return refusal.split("\n").map((line) => line.trim());
}

describe("a cluster, before anything is touched", () => {
  it("can take a system when it has all that the system asks for", async () => {
    assert.deepEqual(await warnings(cluster(able), demanding), []);
  });

  it("is asked only what the system needs", async () => {
    assert.deepEqual(await warnings(fakeCluster({ namespace: async () => undefined }), modest), []);
  });

  it("lacks several things, and all are said at once, each with its remedy", async () => {
    assert.deepEqual(await problems(demanding, cluster({}, { serves: async () => false })), [
      "cluster of the context lab: 3 problems",
      "kubernetes.storageClass: is not set, the cluster has no default class, and the system has volumes; give the cluster a storage class; it has none",
      "services.api.autoscale: needs the cluster's metrics API, which is not there; install metrics-server, or set replicas in place of autoscale",
      "kubernetes.ingressClass: is traefik, which the cluster does not have; give the cluster an ingress controller; it has none",
    ]);
  });

  it("offers the classes that it has", async () => {
    const slow = { ...able, "/storageclasses": [metadataOf({ name: "slow" }), metadataOf({ name: "fast" })] };
    const [, first = ""] = await problems(demanding, cluster(slow));
    assert.match(first, /has no default class, and the system has volumes; use one of fast, slow$/);
    const wanting = kubernetesModelOf(
      (system) => void system.service("db", { image, volumes: { data: { path: "/data" } } }),
      { storageClass: "quick" },
    );
    const [, second] = await problems(wanting, cluster(able));
    assert.equal(second, "kubernetes.storageClass: is quick, which the cluster does not have; use local");
  });

  it("may keep its classes from the user, who then finds out later", async () => {
    const objects: Cluster["objects"] = async () => {
      throw new ClusterError(403, "storageclasses is forbidden");
    };
    assert.deepEqual(await warnings(cluster({}, { objects }), demanding), []);
  });

  it("is warned of when its metrics do not answer at the moment", async () => {
    const serves: Cluster["serves"] = async () => {
      throw new ClusterError(503, "service unavailable");
    };
    assert.deepEqual(await warnings(cluster(able, { serves }), demanding), [
      "the cluster's metrics API does not answer (service unavailable): until it does, nothing scales api",
    ]);
  });
});

describe("a namespace that is there already", () => {
  const shop = (found: Parameters<typeof metadataOf>[0], objects: Readonly<Record<string, readonly Metadata[]>> = {}) =>
    cluster(objects, { namespace: async () => metadataOf({ name: "shop", ...found }) });
  const others = { labels: { "twofold.owner": "theirs" }, annotations: { "twofold.stack": "shop/prod" } };

  it("is gone on with when it is this deployment's own", async () => {
    const on = shop(mine, { "shop/deployments": [metadataOf(mine)], "shop/serviceaccounts": [metadataOf(mine)] });
    assert.deepEqual(await inspect(on, modest, deployer), { warnings: [], present: ["api"] });
  });

  it("has nothing of the system while it is about to end", async () => {
    const ending = { ...mine, deletionTimestamp: "2026-01-01T00:00:00Z" };
    assert.deepEqual(await inspect(shop(ending), modest, deployer), { warnings: [], present: [] });
  });

  it("is not taken from somebody unknown, and can be handed over by them", async () => {
    const [, problem = ""] = await problems(modest, shop({}));
    assert.match(
      problem,
      /^namespace shop: exists already, and belongs to nobody that is known here; choose another name/,
    );
    assert.match(problem, /kubectl --context lab annotate namespace shop twofold\.stack=shop\/prod\)$/);
    assert.deepEqual(await warnings(shop({ annotations: { "twofold.stack": "shop/prod" } }), modest), []);
  });

  it("is not taken from another state of the same stack, whose services run in it", async () => {
    const [, problem = ""] = await problems(modest, shop(others, { "shop/deployments": [metadataOf(others)] }));
    assert.match(
      problem,
      /^namespace shop: shop is on this cluster already, from another clone or state: it belongs to another deployment of the stack shop\/prod; /,
    );
    assert.match(problem, /to remove it without its state: kubectl --context lab delete namespace shop$/);
  });

  it("is not taken from another stack, empty as it may be", async () => {
    const [, problem = ""] = await problems(modest, shop({ ...others, annotations: { "twofold.stack": "shop/dev" } }));
    assert.match(problem, /belongs to another deployment of the stack shop\/dev/);
  });

  it("is taken over with the volumes that an earlier deployment of the stack has left in it", async () => {
    const volumes = { data: { path: "/data", keep: true } };
    const keeping = kubernetesModelOf((system) => void system.service("db", { kind: "stateful", image, volumes }));
    const claims = [metadataOf({ name: "volume-data-db-0", ...others })];
    const on = shop(others, { "shop/persistentvolumeclaims": claims, "/storageclasses": [defaultClass] });
    assert.deepEqual(await warnings(on, keeping), []);
    const foreign = [metadataOf({ name: "volume-data-db-0" })];
    const clash = shop(mine, { "shop/persistentvolumeclaims": foreign, "/storageclasses": [defaultClass] });
    assert.match(
      (await problems(keeping, clash))[1] ?? "",
      /^PersistentVolumeClaim volume-data-db-0: is in the namespace/,
    );
  });

  it("keeps what others have in it, unless it has the name of something of this deployment", async () => {
    const accounts = [metadataOf({ name: "default" }), metadataOf({ name: "api" })];
    assert.deepEqual(await problems(modest, shop(mine, { "shop/serviceaccounts": accounts })), [
      "cluster of the context lab: 1 problem",
      "ServiceAccount api: is in the namespace shop already, and belongs to nobody that is known here; rename the service, or remove it: kubectl --context lab -n shop delete serviceaccount api",
    ]);
  });
});
