import assert from "node:assert/strict";
import { external } from "../../components/core/connect";
import { defineSystem, type SystemBuilder, type SystemDefinition } from "../../components/core/system";
import { SecretRef, Text, text } from "../../components/core/value";
import { problemsOf } from "../support/problems";

const alert = (name: string) =>
  ({ name, expr: "up == 0", forSeconds: 60, severity: "critical", summary: name }) as const;
const sql = { ports: { sql: { number: 5432 } }, probes: { ready: { tcp: { port: "sql" } } } } as const;

/** A small system that uses everything that the planner has to do with. */
function describeShop(shop: SystemBuilder): void {
  const password = shop.secret("db-password", { generated: { rotation: 2 } });
  const spare = shop.secret("spare");
  const key = shop.secret("payments-key", { config: "paymentsKey" });
  const db = shop.service("db", {
    ...sql,
    image: "db:1",
    kind: "stateful",
    provides: { sql: { port: "sql", userinfo: text`app:${password}`, values: { spare } } },
  });
  const migration = shop.service("migration", { image: "db:1", kind: "job", ports: { done: { number: 1 } } });
  const api = shop.service("api", {
    image: "api:1",
    env: { ZONE: "utc", KEY: key },
    ports: { http: { number: 80 }, admin: { number: 81 } },
    files: [
      { path: "/etc/api/b", content: "b", mode: 0o400 },
      { path: "/etc/api/a", content: text`a${password}`, uid: 7 },
    ],
    security: { user: 70, group: 71 },
  });
  const web = shop.service("web", { image: "web:1", ports: { http: { number: 8080 } } });
  migration.connectsTo(db, { wait: "started" }).connectsTo(db);
  api.connectsTo(db, { env: ({ url }) => ({ DATABASE_URL: url }) }).connectsTo(migration);
  api.connectsTo(web, { wait: "none", env: ({ url }) => ({ CALLBACK: url }) });
  web.connectsTo(api.endpoint("http"), { env: ({ url }) => ({ API: url }) }).connectsTo(api.endpoint("admin"));
  api.metricsOn("admin", { names: ["requests_total"] }).alerts(alert("Zombie"), alert("Absent"));
  api
    .reaches(external("b.example.com", 443))
    .reaches(external("a.example.com", 443))
    .reaches(external("b.example.com", 443));
  web.dashboard({ uid: "shop-web", title: "Web", model: { panels: [] } });
  api.dashboard({ uid: "shop-api", title: "Api", model: { panels: [{ b: 1, a: 2 }] } });
}

const shop = (): SystemDefinition => defineSystem("shop", describeShop);

describe("a plan", () => {
  const plan = shop().plan();
  const service = (name: string) => {
    const found = plan.services.find((each) => each.name === name);
    assert.ok(found);
    return found;
  };

  it("has the services in start order", () => {
    assert.deepEqual(
      plan.services.map(({ name }) => name),
      ["db", "migration", "api", "web"],
    );
  });

  it("gives each service its own variables and those of its connections, sorted", () => {
    const password = new SecretRef("shop", "db-password");
    assert.deepEqual(Object.entries(service("api").env), [
      ["CALLBACK", "http://web:8080"],
      ["DATABASE_URL", new Text(["sql://app:", password, "@db:5432"])],
      ["KEY", new SecretRef("shop", "payments-key")],
      ["ZONE", "utc"],
    ]);
    assert.deepEqual(service("web").env, { API: "http://api:80" });
    assert.deepEqual(service("db").env, {});
  });

  it("gives files the service's user where nobody else is named, sorted by path", () => {
    assert.deepEqual(service("api").files, [
      {
        path: "/etc/api/a",
        content: new Text(["a", new SecretRef("shop", "db-password")]),
        mode: 0o444,
        uid: 7,
        gid: 71,
      },
      { path: "/etc/api/b", content: "b", mode: 0o400, uid: 70, gid: 71 },
    ]);
  });

  it("waits for health where it is checked, for the end of a job, else for the start; for the strictest of several", () => {
    assert.deepEqual(service("api").waits, [
      { service: "db", until: "healthy" },
      { service: "migration", until: "completed" },
    ]);
    assert.deepEqual(service("migration").waits, [{ service: "db", until: "healthy" }]);
    assert.deepEqual(service("web").waits, [{ service: "api", until: "started" }]);
    assert.deepEqual(service("db").waits, []);
  });

  it("starts jobs again on failure only, and all others always", () => {
    assert.deepEqual(
      plan.services.map(({ restart }) => restart.policy),
      ["always", "onFailure", "always", "always"],
    );
  });

  it("lists each connection once", () => {
    assert.deepEqual(plan.connections, [
      { from: "api", to: "db", port: 5432, protocol: "tcp" },
      { from: "api", to: "migration", port: 1, protocol: "tcp" },
      { from: "api", to: "web", port: 8080, protocol: "tcp" },
      { from: "migration", to: "db", port: 5432, protocol: "tcp" },
      { from: "web", to: "api", port: 80, protocol: "tcp" },
      { from: "web", to: "api", port: 81, protocol: "tcp" },
    ]);
    assert.deepEqual(plan.externals, [
      { from: "api", host: "a.example.com", port: 443 },
      { from: "api", host: "b.example.com", port: 443 },
    ]);
  });

  it("has the secrets that are used, with their sources, and no other", () => {
    assert.deepEqual(plan.secrets, [
      { ref: new SecretRef("shop", "db-password"), source: { from: "generated", length: 32, rotation: 2 } },
      { ref: new SecretRef("shop", "payments-key"), source: { from: "config", key: "paymentsKey" } },
    ]);
  });

  it("collects what monitoring needs, sorted", () => {
    assert.deepEqual(plan.scrapes, [
      {
        service: "api",
        port: 81,
        path: "/metrics",
        intervalSeconds: 15,
        timeoutSeconds: 10,
        names: ["requests_total"],
      },
    ]);
    assert.deepEqual(plan.alerts, [
      { ...alert("Absent"), service: "api" },
      { ...alert("Zombie"), service: "api" },
    ]);
    assert.deepEqual(service("api").alerts, [alert("Absent"), alert("Zombie")]);
    assert.deepEqual(plan.dashboards, [
      { uid: "shop-api", title: "Api", model: { panels: [{ a: 2, b: 1 }] } },
      { uid: "shop-web", title: "Web", model: { panels: [] } },
    ]);
  });

  it("is plain JSON but for names of secrets", () => {
    const json = JSON.stringify(plan);
    assert.ok(json.includes('{"text":["sql://app:",{"secret":"shop/db-password"},"@db:5432"]}'));
    assert.equal(JSON.stringify(shop().plan()), json);
  });

  it("cannot be changed, so that the next one is the same", () => {
    const definition = shop();
    const [first] = definition.plan().services;
    assert.ok(first);
    assert.throws(() => Object.assign(first.ports, { http: { number: 1 } }), TypeError);
    assert.throws(() => (definition.plan().services as unknown[]).pop(), TypeError);
    assert.deepEqual(definition.plan(), plan);
  });

  it("does not follow a spec that is changed afterwards", () => {
    const spec = { image: "api:1", env: { A: "1" }, ports: { http: { number: 80 } } };
    const model = { panels: ["one"] };
    const definition = defineSystem("shop", (system) => {
      system.service("api", spec).dashboard({ uid: "shop-api", title: "Api", model });
    });
    const before = definition.plan();
    spec.env.A = "2";
    spec.ports.http.number = 81;
    model.panels.push("two");
    assert.deepEqual(definition.plan(), before);
  });
});

describe("a plan of some services", () => {
  const names = (only: readonly string[]): readonly string[] =>
    shop()
      .plan({ only })
      .services.map(({ name }) => name);

  it("brings along what they wait for, and nothing else", () => {
    assert.deepEqual(names(["db"]), ["db"]);
    assert.deepEqual(names(["api", "api"]), ["db", "migration", "api"]);
    assert.deepEqual(names(["web"]), ["db", "migration", "api", "web"]);
  });

  it("leaves out the connections, alerts, dashboards and secrets of the others", () => {
    const plan = shop().plan({ only: ["migration"] });
    assert.deepEqual(plan.connections, [{ from: "migration", to: "db", port: 5432, protocol: "tcp" }]);
    assert.deepEqual([plan.externals, plan.scrapes, plan.alerts, plan.dashboards, plan.secrets], [[], [], [], [], []]);
  });

  it("does not change the services that it has, even where they do not wait for what is missing", () => {
    const whole = shop().plan();
    const some = shop().plan({ only: ["api"] });
    assert.deepEqual(
      some.services,
      whole.services.filter(({ name }) => name !== "web"),
    );
    assert.ok(!some.connections.some(({ to }) => to === "web"));
  });

  it("refuses unknown names, and a list without any", () => {
    assert.deepEqual(
      problemsOf(() => shop().plan({ only: ["wep", "db", "constructor"] })),
      [
        'only: names "wep", which is no service; did you mean web?',
        'only: names "constructor", which is no service; use one of api, db, migration, web',
      ],
    );
    assert.deepEqual(
      problemsOf(() => shop().plan({ only: [] })),
      ["only: is an empty list; name a service, or leave it out to deploy all"],
    );
  });
});
