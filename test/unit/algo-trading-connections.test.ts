import assert from "node:assert/strict";
import type { ServicePlan, SystemPlan } from "../../components/core/plan-types";
import { secretsIn } from "../../components/core/value";
import { development, planAlgoTrading, serviceOf } from "../support/algo-trading";
import { problemsOf } from "../support/problems";

const applications = ["trading-bot", "market-data", "risk-manager", "order-execution"];

describe("the connections of algo-trading", () => {
  const byDefault = planAlgoTrading();
  const inDevelopment = planAlgoTrading(development);

  it("keeps every secret in a file that only the service's own user reads, and none in a variable [S1-44, S1-45]", () => {
    for (const { name, env, files, security } of inDevelopment.services) {
      for (const [key, value] of Object.entries(env)) assert.deepEqual(secretsIn(value), [], `${name}.${key}`);
      for (const file of files.filter(({ content }) => secretsIn(content).length > 0)) {
        const { path, mode, uid, gid } = file;
        assert.deepEqual({ path, mode, uid, gid }, { path, mode: 0o400, uid: security.user, gid: security.group });
        assert.ok(path.startsWith("/run/secrets/"), `${name} has a secret in ${path}`);
      }
    }
    assert.deepEqual(JSON.parse(JSON.stringify(fileOf(serviceOf(byDefault, "trading-bot"), "database-url"))), {
      text: ["postgres://trader:", { secret: "algo-trading/postgres-password" }, "@postgres:5432/trading"],
    });
    assert.deepEqual(
      byDefault.secrets.map(({ ref, source }) => `${ref.key} ${source.from}`),
      [
        "exchange-api-key generated",
        "exchange-api-secret generated",
        "grafana-admin-password generated",
        "postgres-password generated",
      ],
    );
  });

  it("takes the exchange's keys from the configuration when it trades live, and reaches the exchange only then", () => {
    const live = planAlgoTrading({ exchange: "live", exchangeHost: "api.example.com" });
    const configured = live.secrets.flatMap(({ ref, source }) =>
      source.from === "config" ? [[ref.key, source.key]] : [],
    );
    assert.deepEqual(configured, [
      ["exchange-api-key", "exchangeApiKey"],
      ["exchange-api-secret", "exchangeApiSecret"],
    ]);
    const exchange = { host: "api.example.com", port: 443 };
    assert.deepEqual(live.externals, [
      { from: "market-data", ...exchange },
      { from: "order-execution", ...exchange },
      { from: "trading-bot", ...exchange },
    ]);
    assert.deepEqual(byDefault.externals, []);
  });

  it("lets these connections be made, and no other [S1-42, S1-43]", () => {
    const stores = ["postgres 5432", "redis 6379", "redis-streams 6379"];
    const scraped = [
      ...applications.map((role) => `${role} 8080`),
      "alertmanager 9093",
      "cadvisor 8080",
      "node-exporter 9100",
      "postgres-exporter 9187",
      "redis-exporter 9121",
      "redis-streams-exporter 9121",
    ];
    const matrix = {
      "trading-bot": stores,
      "market-data": ["redis 6379"],
      "risk-manager": stores,
      "order-execution": stores,
      "postgres-exporter": ["postgres 5432"],
      "redis-exporter": ["redis 6379"],
      "redis-streams-exporter": ["redis-streams 6379"],
      prometheus: scraped,
      grafana: ["prometheus 9090"],
    };
    assert.deepEqual(matrixOf(byDefault), sortedMatrix(matrix));
    assert.deepEqual(
      matrixOf(planAlgoTrading({ ...development, loadBalancer: true })),
      sortedMatrix({
        ...matrix,
        adminer: ["postgres 5432"],
        "redis-commander": ["redis 6379", "redis-streams 6379"],
        nginx: ["trading-bot 8080"],
      }),
    );
  });

  it("starts applications after their stores are healthy [S1-18]", () => {
    const stores = ["postgres", "redis", "redis-streams"].map((service) => ({ service, until: "healthy" }));
    for (const role of ["trading-bot", "risk-manager", "order-execution"])
      assert.deepEqual(serviceOf(byDefault, role).waits, stores);
    assert.deepEqual(serviceOf(byDefault, "market-data").waits, [{ service: "redis", until: "healthy" }]);
    assert.deepEqual(serviceOf(byDefault, "grafana").waits, [{ service: "prometheus", until: "started" }]);
  });

  it("can be deployed in part: services bring the stores that they wait for, and their alerts [S1-53]", () => {
    assert.deepEqual(namesOf(planAlgoTrading({}, { only: ["trading-bot"] })), [
      "postgres",
      "redis",
      "redis-streams",
      "trading-bot",
    ]);
    const part = planAlgoTrading({}, { only: ["prometheus", "market-data"] });
    assert.deepEqual(namesOf(part), ["market-data", "prometheus", "redis"]);
    assert.deepEqual(
      part.alerts.map(({ name }) => name),
      ["MarketDataStale"],
    );
  });

  it("refuses a service in only that does not exist", () => {
    assert.deepEqual(
      problemsOf(() => planAlgoTrading({}, { only: ["trading-bit"] })),
      ['only: names "trading-bit", which is no service; did you mean trading-bot?'],
    );
  });
});

const namesOf = (plan: SystemPlan): readonly string[] => plan.services.map(({ name }) => name).sort();

const fileOf = ({ files }: ServicePlan, name: string): unknown =>
  files.find(({ path }) => path === `/run/secrets/${name}`)?.content;

function matrixOf(plan: SystemPlan): Record<string, string[]> {
  const from = [...new Set(plan.connections.map((connection) => connection.from))];
  const to = (name: string) => plan.connections.filter((connection) => connection.from === name);
  return sortedMatrix(Object.fromEntries(from.map((name) => [name, to(name).map(({ to, port }) => `${to} ${port}`)])));
}

function sortedMatrix(matrix: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(matrix).map(([from, to]) => [from, [...to].sort()]));
}
