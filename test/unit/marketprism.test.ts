import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { SystemPlan } from "../../components/core/plan-types";
import { marketPrismSettings, type ServiceKey, services } from "../../systems/marketprism/settings";
import { contentOf, serviceOf } from "../support/algo-trading";
import { planMarketPrism } from "../support/marketprism";
import { expressionsIn, metricNames } from "../support/metric-names";

const keys = Object.keys(services) as ServiceKey[];
const names = (plan: SystemPlan): readonly string[] => plan.services.map(({ name }) => name).sort();
const env = (plan: SystemPlan, key: ServiceKey) => serviceOf(plan, services[key]).env;
const settingsProblem = (given: object): string =>
  marketPrismSettings
    .safeParse(given)
    .error?.issues.map(({ message }) => message)
    .join("; ") ?? "";

describe("marketprism", () => {
  const development = planMarketPrism({ environment: "development" });
  const production = planMarketPrism();

  it("is six services, with ClickHouse and Redis that keep data on volumes [S5-01, S5-02, S5-03, S5-39]", () => {
    for (const name of [...Object.values(services), "message-broker-service", "clickhouse", "redis"])
      serviceOf(production, name);
    for (const name of ["message-broker-service", "clickhouse", "redis"]) {
      const { kind, volumes } = serviceOf(production, name);
      assert.equal(kind, "stateful");
      assert.deepEqual(Object.keys(volumes), ["data"]);
    }
  });

  it("has its ports on the machine alone in development [S5-04, S5-05, S5-06, S5-07, S5-08, S5-09]", () => {
    const published = development.services.flatMap(({ name, ports }) =>
      Object.values(ports)
        .filter(({ exposure }) => exposure !== "internal")
        .map(({ number, hostNumber, exposure }) => `${name} ${hostNumber ?? number}:${number} ${exposure}`),
    );
    assert.deepEqual(published.sort(), [
      "alertmanager 9093:9093 loopback",
      "api-gateway-service 8000:8000 loopback",
      "data-storage-service 8002:8000 loopback",
      "grafana 3000:3000 loopback",
      "market-data-collector 8001:8000 loopback",
      "message-broker-service 4222:4222 loopback",
      "message-broker-service 8222:8222 loopback",
      "prometheus 9090:9090 loopback",
      "scheduler-service 8003:8000 loopback",
    ]);
  });

  it("opens the gateway to other machines, and nothing else, when it is told to [S5-34]", () => {
    const plan = planMarketPrism({ public: ["gateway"] });
    const open = plan.services.filter(({ ports }) =>
      Object.values(ports).some(({ exposure }) => exposure === "public"),
    );
    assert.deepEqual(
      open.map(({ name }) => name),
      [services.gateway],
    );
  });

  it("scales collector and storage outside of development, and never the scheduler [S5-18, S5-19, S5-20, S5-21]", () => {
    const scaled = (plan: SystemPlan) =>
      Object.fromEntries(keys.map((key) => [key, serviceOf(plan, services[key]).autoscale?.max ?? 1]));
    assert.deepEqual(scaled(development), { collector: 1, storage: 1, gateway: 1, scheduler: 1, monitoring: 1 });
    const expected = { collector: 5, storage: 3, gateway: 1, scheduler: 1, monitoring: 1 };
    assert.deepEqual(scaled(production), expected);
    assert.equal(serviceOf(production, services.scheduler).singleton, true);
    assert.deepEqual(scaled(planMarketPrism({ environment: "test" })), expected);
  });

  it("has production's shape in a test: the same services, scaled alike [S5-38]", () => {
    const shape = (plan: SystemPlan) =>
      plan.services.map(({ name, kind, replicas, autoscale, singleton }) => ({
        name,
        kind,
        replicas,
        autoscale,
        singleton,
      }));
    assert.deepEqual(shape(planMarketPrism({ environment: "test" })), shape(production));
  });

  it("starts broker, storage, collector, gateway in this order, each when the one before is healthy [S5-16]", () => {
    const waits = (name: string) =>
      serviceOf(production, name).waits.map(({ service, until }) => `${service} ${until}`);
    assert.ok(waits(services.storage).includes("message-broker-service healthy"));
    assert.ok(waits(services.collector).includes("data-storage-service healthy"));
    assert.ok(waits(services.gateway).includes("market-data-collector healthy"));
  });

  it("lets monitoring and scheduler wait for nobody [S5-17]", () => {
    for (const key of ["scheduler", "monitoring"] as const)
      assert.deepEqual(serviceOf(production, services[key]).waits, []);
  });

  it("tells each service its name [S5-12]", () => {
    for (const key of keys) assert.equal(env(production, key)["SERVICE_NAME"], services[key]);
  });

  for (const key of keys)
    it(`changes nothing but the ${key} when that gets another version or image [S5-22, S5-23]`, () => {
      for (const changed of [
        planMarketPrism({ versions: { [key]: "v2.1.0" } }),
        planMarketPrism({ images: { [key]: `registry.example.org/marketprism/${key}:v2.1.0` } }),
      ]) {
        const different = changed.services.filter(
          (service) => JSON.stringify(service) !== JSON.stringify(serviceOf(production, service.name)),
        );
        assert.deepEqual(
          different.map(({ name }) => name),
          [services[key]],
        );
      }
    });

  it("takes exact versions only [S5-22]", () => {
    assert.match(settingsProblem({ versions: { collector: "latest" } }), /use a version such as v1\.0\.0/);
  });

  it("reaches what is elsewhere by its address, and then has none beside it [S5-13, S5-42]", () => {
    const upstreams = {
      nats: "nats://192.168.1.100:4222",
      clickhouse: "http://192.168.1.101:8123",
      redis: "redis://192.168.1.104:6379",
    };
    const plan = planMarketPrism({ upstreams });
    for (const gone of ["message-broker-service", "clickhouse", "redis"]) assert.ok(!names(plan).includes(gone));
    assert.equal(env(plan, "collector")["NATS_URL"], upstreams.nats);
    assert.equal(env(plan, "storage")["CLICKHOUSE_URL"], upstreams.clickhouse);
    const reached = plan.externals.filter(({ from }) => from === services.collector);
    assert.deepEqual(reached.map(({ host, port }) => `${host}:${port}`).sort(), [
      "192.168.1.100:4222",
      "192.168.1.101:8123",
      "192.168.1.104:6379",
    ]);
    const secrets = plan.secrets.map(({ source }) => JSON.stringify(source)).filter((text) => text.includes("config"));
    assert.equal(secrets.length, 3);
  });

  it("can be one service alone, with everything else elsewhere [S5-14]", () => {
    const upstreams = { collector: "http://192.168.1.102:8001", storage: "http://192.168.1.103:8002" };
    assert.deepEqual(names(planMarketPrism({ upstreams }, { only: [services.gateway] })), [services.gateway]);
  });

  it("is two halves in two rooms, which know each other by addresses [S5-15, S5-42]", () => {
    const own = (plan: SystemPlan) =>
      names(plan).filter((name) => !["alertmanager", "grafana", "prometheus"].includes(name));
    const a = planMarketPrism({ room: "A", upstreams: { nats: "nats://192.168.1.100:4222" } });
    assert.deepEqual(own(a), [
      "api-gateway-service",
      "clickhouse",
      "data-storage-service",
      "market-data-collector",
      "redis",
    ]);
    const b = planMarketPrism({ room: "B", public: ["broker"] });
    assert.deepEqual(own(b), ["message-broker-service", "monitoring-service", "scheduler-service"]);
    assert.equal(serviceOf(b, "message-broker-service").ports["client"]?.exposure, "public");
    assert.match(settingsProblem({ room: "A" }), /say where the broker of room B is/);
  });

  it("has layers of configuration for each service: base and the environment's, in files of its own [S5-24, S5-25]", () => {
    for (const key of keys) {
      const files = (plan: SystemPlan) =>
        serviceOf(plan, services[key])
          .files.map(({ path }) => path)
          .filter((path) => path.endsWith(".yaml"));
      const withLocal = existsSync(join(__dirname, "../../systems/marketprism/config", key, "local.yaml"));
      assert.deepEqual(
        files(development),
        ["base", "development", ...(withLocal ? ["local"] : [])].map((layer) => `/app/config/${layer}.yaml`),
      );
      assert.deepEqual(files(production), ["/app/config/base.yaml", "/app/config/production.yaml"]);
      assert.deepEqual(files(planMarketPrism({ environment: "test" })), [
        "/app/config/base.yaml",
        "/app/config/test.yaml",
      ]);
      assert.ok(parse(contentOf(serviceOf(production, services[key]), "/app/config/base.yaml")));
    }
  });

  it("states requests, limits and the rest for each service [S5-29]", () => {
    for (const profile of ["small", "full"] as const)
      for (const { name, resources } of planMarketPrism({ profile }).services) {
        assert.ok(resources.cpuMillis.limit !== undefined, name);
        assert.ok(resources.memoryMiB.request <= resources.memoryMiB.limit, name);
      }
  });

  it("bounds requests by 30 s and 100 connections, and opens circuits after 5 failures for 60 s [S5-30, S5-31]", () => {
    const limits = ["HTTP_TIMEOUT_MS", "HTTP_POOL_LIMIT", "BREAKER_FAILURES", "BREAKER_RECOVERY_MS"];
    for (const key of keys)
      assert.deepEqual(
        limits.map((name) => env(production, key)[name]),
        ["30000", "100", "5", "60000"],
      );
    const other = planMarketPrism({
      http: { timeoutSeconds: 5, poolLimit: 7 },
      breaker: { failures: 2, recoverySeconds: 3 },
    });
    assert.deepEqual(
      limits.map((name) => env(other, "gateway")[name]),
      ["5000", "7", "2", "3000"],
    );
  });

  it("connects who has to, and nobody else [S5-33]", () => {
    const own = production.connections
      .filter(({ from }) => !["grafana", "prometheus"].includes(from))
      .map(({ from, to, port }) => `${from} to ${to}:${port}`);
    assert.deepEqual(own.sort(), [
      "api-gateway-service to data-storage-service:8000",
      "api-gateway-service to market-data-collector:8000",
      "data-storage-service to clickhouse:8123",
      "data-storage-service to message-broker-service:4222",
      "market-data-collector to clickhouse:8123",
      "market-data-collector to data-storage-service:8000",
      "market-data-collector to message-broker-service:4222",
      "market-data-collector to redis:6379",
      "monitoring-service to api-gateway-service:8000",
      "monitoring-service to data-storage-service:8000",
      "monitoring-service to market-data-collector:8000",
      "monitoring-service to message-broker-service:8222",
      "monitoring-service to scheduler-service:8000",
      "scheduler-service to message-broker-service:4222",
    ]);
  });

  it("gives no secret away in a variable [S5-37]", () => {
    for (const { name, env: variables } of production.services)
      for (const [key, value] of Object.entries(variables)) assert.equal(typeof value, "string", `${name} ${key}`);
  });

  it("asks only for metrics that somebody exports, and has a page for each alert [S5-36, S5-35]", () => {
    const known = new Set(["up", ...production.scrapes.flatMap(({ names }) => names)]);
    const expressions = [
      ...production.alerts.map(({ expr }) => expr),
      ...production.dashboards.flatMap(({ model }) => expressionsIn(model)),
    ];
    for (const expression of expressions)
      for (const name of metricNames(expression)) assert.ok(known.has(name), `${name} in ${expression}`);
    for (const { name, runbook } of production.alerts) {
      assert.equal(runbook, `docs/runbooks/${name}.md`);
      const page = readFileSync(join(__dirname, "../..", runbook), "utf8");
      for (const part of ["Meaning", "Impact", "Diagnosis", "Mitigation"])
        assert.match(page, new RegExp(`^## ${part}$`, "m"));
    }
    const scraped = production.scrapes.map(({ service }) => service);
    for (const name of [...Object.values(services), "clickhouse"]) assert.ok(scraped.includes(name), name);
  });

  it("has a folder of configuration for each service, and no other", () => {
    assert.deepEqual(readdirSync(join(__dirname, "../../systems/marketprism/config")).sort(), [...keys].sort());
  });
});
