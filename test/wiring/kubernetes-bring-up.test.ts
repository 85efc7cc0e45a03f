import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { SecretRef } from "../../components/core/value";
import { bringUp, mayBeMade, type Running } from "../../components/targets/kubernetes/bring-up";
import type { Cluster } from "../../components/targets/kubernetes/cluster";
import type { KubernetesModel } from "../../components/targets/kubernetes/model";
import { fakeCluster, newestSet, podOf, rolledOut, workloadOf } from "../support/fake-cluster";
import { image, kubernetesModelOf } from "../support/kubernetes";
import { outcomeOf, render } from "../support/mocks";

/** A workload whose id is its name. */
class Thing extends pulumi.CustomResource {
  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("kubernetes:apps/v1:Deployment", name, {}, opts);
  }
}

interface Setting {
  readonly cluster: Cluster;
  readonly active?: boolean;
  /** What is there before. @default - all */
  readonly present?: readonly string[];
  /** Is told of each workload that is made. */
  readonly made?: (name: string) => void;
}

/** Makes a model's workloads and waits for them; answers how each of them came out. */
async function start(
  model: KubernetesModel,
  { cluster, active = true, present = model.services.map(({ name }) => name), made = () => {} }: Setting,
): Promise<Record<string, string>> {
  const { result } = await render(() => {
    const running = new Map<string, Running>();
    const scope = {
      parentOf: () => new Thing("parent"),
      secret: (ref: SecretRef) => pulumi.secret(`secret-${ref.key}`),
    };
    const surroundings = { active, cluster, namespace: "shop", scope, present: pulumi.output(present) };
    for (const service of model.services) {
      const thing = new Thing(service.name, { dependsOn: mayBeMade(service, running, surroundings).apply(() => []) });
      thing.id.apply(() => made(service.name));
      running.set(service.name, bringUp(service, thing, running, surroundings));
    }
    return [...running].map(async ([name, { up }]) => [name, await outcomeOf(up)] as const);
  });
  return Object.fromEntries(await Promise.all(result));
}

/** A cluster on which everything is up at the second look, but for one service, which keeps ending. */
function clusterOf(looks: string[], failing?: string): Cluster {
  const terminated = { exitCode: 9, startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:01Z" };
  return fakeCluster({
    workload: async (kind, _namespace, name) => {
      looks.push(name);
      const again = looks.filter((each) => each === name).length > 1;
      if (name === failing || !again) return workloadOf();
      return workloadOf(kind === "Job" ? { conditions: [{ type: "Complete", status: "True" }] } : rolledOut);
    },
    pods: async (_namespace, name) =>
      name === failing
        ? [podOf({ name, state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated } })]
        : [],
    replicaSets: async () => [newestSet],
    events: async () => [],
    logs: async () => "goodbye, secret-password",
  });
}

describe("the start of a system on a cluster", () => {
  const probes = { ready: { exec: ["true"] } };
  const model = kubernetesModelOf((system) => {
    const ports = { pg: { number: 5432 } };
    const password = system.secret("password");
    const db = system.service("db", { image, ports, probes });
    const migrate = system.service("migrate", { kind: "job", image, ports, env: { PASSWORD: password } });
    const api = system.service("api", { image, ports, probes });
    system.service("loner", { image });
    system.service("nightly", { kind: "cron", schedule: "0 3 * * *", image });
    migrate.connectsTo(db);
    api.connectsTo(db).connectsTo(migrate);
  });

  it("follows the connections: nothing is made before what it waits for is up", async () => {
    const looks: string[] = [];
    const outcomes = await start(model, { cluster: clusterOf(looks) });
    assert.deepEqual(outcomes, { api: "up", db: "up", loner: "up", migrate: "up", nightly: "up" });
    assert.ok(looks.lastIndexOf("db") < looks.indexOf("migrate"), looks.join(" "));
    assert.ok(looks.lastIndexOf("migrate") < looks.indexOf("api"), looks.join(" "));
  });

  it("makes at once what nothing is there of, but for the end of a job; their gates wait, and so does the run", async () => {
    const looks: string[] = [];
    const before = new Map<string, number>();
    const made = (name: string) => void before.set(name, looks.length);
    const outcomes = await start(model, { cluster: clusterOf(looks), present: [], made });
    assert.deepEqual(outcomes, { api: "up", db: "up", loner: "up", migrate: "up", nightly: "up" });
    assert.equal(before.get("migrate"), 0, "migrate was not made before the first look");
    assert.ok(looks.lastIndexOf("db") < looks.indexOf("migrate"), looks.join(" "));
    assert.ok(looks.lastIndexOf("migrate") < (before.get("api") ?? 0), looks.join(" "));
  });

  it("waits where one of the two is there already", async () => {
    for (const present of [["db"], ["migrate"]]) {
      const looks: string[] = [];
      const before = new Map<string, number>();
      const made = (name: string) => void before.set(name, looks.length);
      await start(model, { cluster: clusterOf(looks), present, made });
      assert.ok(looks.lastIndexOf("db") < (before.get("migrate") ?? 0), `${present[0]}: ${looks.join(" ")}`);
    }
  });

  it("stops where something fails, goes on elsewhere, blames what failed, and shows no secret", async () => {
    const looks: string[] = [];
    const outcomes = await start(model, { cluster: clusterOf(looks, "migrate") });
    assert.deepEqual([outcomes["db"], outcomes["loner"]], ["up", "up"]);
    assert.match(outcomes["migrate"] ?? "", /^migrate is not completed: it ended with code 9 after 1\.0 s\n/);
    assert.match(outcomes["migrate"] ?? "", /\n {4}goodbye, \[secret\]\n/);
    assert.equal(outcomes["api"], outcomes["migrate"]);
    assert.ok(!looks.includes("api"), "api was made");
  });

  it("does not happen where there is no cluster to talk to", async () => {
    const looks: string[] = [];
    const outcomes = await start(model, { cluster: clusterOf(looks), active: false });
    assert.deepEqual(outcomes, { api: "up", db: "up", loner: "up", migrate: "up", nightly: "up" });
    assert.deepEqual(looks, []);
  });
});
