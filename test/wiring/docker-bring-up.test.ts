import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SecretRef } from "../../components/core/value";
import { bringUp, type Running } from "../../components/targets/docker/bring-up";
import type { Engine, Inspection } from "../../components/targets/docker/engine";
import type { DockerModel, ServiceModel } from "../../components/targets/docker/model";
import { FakeEngine, inspection } from "../support/fake-engine";
import { outcomeOf, render } from "../support/mocks";
import { dockerModelOf } from "../support/plans";

const resources = { pids: 64 };
const image = "shop/api:1.4.2";
const eager = { ready: { exec: ["true"] } };

/** Starts a model's services with this engine; answers how each of them came out. */
async function start(model: DockerModel, engine: Engine, active = true): Promise<Record<string, string>> {
  const { result } = await render(() => {
    const running = new Map<string, Running>();
    const scope = {
      parentOf: () => new Thing("parent"),
      secret: (ref: SecretRef) => pulumi.secret(`secret-${ref.key}`),
    };
    for (const service of model.services)
      running.set(service.name, bringUp(service, madeOf(service), running, { active, engine, scope }));
    return [...running].map(async ([name, { up }]) => [name, await outcomeOf(up)] as const);
  });
  return Object.fromEntries(await Promise.all(result));
}

/** A resource whose id is its name. */
class Thing extends pulumi.CustomResource {
  constructor(name: string) {
    super("docker:index/container:Container", name, {});
  }
}

const madeOf = ({ containers, carriers }: ServiceModel) => ({
  containers: containers.map((model) => ({ model, resource: new Thing(model.name) })),
  carriers: carriers.map((model) => ({ model, resource: new Thing(model.name) })),
});

/** Containers that begin unstarted and are healthy, or as given, as soon as they were started. */
function engineOf(after: Readonly<Record<string, Partial<Inspection["State"]>>> = {}): FakeEngine {
  const engine: FakeEngine = new FakeEngine({
    inspect: async (id) => {
      const started = engine.changes.includes(`start ${id}`);
      const up = { Health: { Status: "healthy" }, ...after[id.replace("-id", "")] };
      return inspection(started ? up : { Status: "created" });
    },
    logs: async () => "goodbye",
  });
  return engine;
}

describe("the start of a system", () => {
  const model = dockerModelOf((system) => {
    const ports = { pg: { number: 5432 } };
    const db = system.service("db", { image, ports, resources, probes: eager });
    const migrate = system.service("migrate", { kind: "job", image, ports, resources });
    const api = system.service("api", { image, ports, resources, replicas: 2 });
    system.service("loner", { image, resources });
    migrate.connectsTo(db);
    api.connectsTo(db).connectsTo(migrate);
  });

  it("follows the connections, with all replicas of a service together", async () => {
    const engine = engineOf({ "shop-migrate": { Status: "exited" } });
    const outcomes = await start(model, engine);
    assert.deepEqual(outcomes, { api: "up", db: "up", loner: "up", migrate: "up" });
    const order = engine.changes.map((change) => change.replace(/start shop-|-id/g, ""));
    assert.ok(order.indexOf("db") < order.indexOf("migrate"));
    assert.ok(order.indexOf("migrate") < order.indexOf("api.1"));
    assert.ok(order.indexOf("migrate") < order.indexOf("api.2"));
  });

  it("stops where something fails, goes on elsewhere, and blames what failed", async () => {
    const engine = engineOf({ "shop-migrate": { Status: "exited", ExitCode: 9 } });
    const outcomes = await start(model, engine);
    assert.deepEqual([outcomes["db"], outcomes["loner"]], ["up", "up"]);
    assert.match(outcomes["migrate"] ?? "", /^shop-migrate is not completed: it ended with code 9/);
    assert.equal(outcomes["api"], outcomes["migrate"]);
    assert.ok(!engine.changes.some((change) => change.includes("api")));
  });

  it("does not happen where there is no Docker to talk to", async () => {
    const engine = engineOf();
    assert.deepEqual(await start(model, engine, false), { api: "up", db: "up", loner: "up", migrate: "up" });
    assert.deepEqual(engine.changes, []);
  });
});

describe("the start of a service", () => {
  it("fills what holds its files once for all replicas, and hands each its volumes, before any of them starts", async () => {
    const model = dockerModelOf((system) => {
      system.secret("password");
      system.service("db", {
        ...{ kind: "stateful", image, resources, replicas: 2, volumes: { data: { path: "/data" } } },
        files: [{ path: "/run/secrets/password", content: new SecretRef("shop", "password") }],
      });
    });
    const engine = engineOf();
    await start(model, engine);
    assert.deepEqual(engine.changes.filter((change) => change.startsWith("unpack")).sort(), [
      "unpack in shop-db.1-id /data",
      "unpack in shop-db.2-id /data",
      "unpack in shop-db.files-id /",
    ]);
    const filled = engine.changes.indexOf("unpack in shop-db.files-id /");
    for (const replica of [1, 2]) {
      const started = engine.changes.indexOf(`start shop-db.${replica}-id`);
      assert.ok(filled < started && engine.changes.indexOf(`unpack in shop-db.${replica}-id /data`) < started);
    }
  });

  it("leaves volumes to root when the service is root's", async () => {
    const security = { user: 0, because: "changes owners itself" };
    const model = dockerModelOf((system) => {
      system.service("db", { image, resources, security, volumes: { data: { path: "/data" } } });
    });
    const engine = engineOf();
    await start(model, engine);
    assert.deepEqual(engine.changes, ["start shop-db-id"]);
  });

  it("shows no secret when it fails", async () => {
    const model = dockerModelOf((system) => {
      system.service("db", { image, resources, env: { PASSWORD: system.secret("password") } });
    });
    const engine = engineOf({ "shop-db": { Status: "exited", ExitCode: 1, Error: "secret-password is wrong" } });
    const { db = "" } = await start(model, engine);
    assert.match(db, /ended with code 1 .*: \[secret\] is wrong/);
    assert.doesNotMatch(db, /secret-password/);
  });
});
