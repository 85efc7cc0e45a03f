import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { SystemPlan } from "../../components/core/plan-types";
import { processMetrics } from "../../components/monitoring/process-metrics";
import { contentOf, planAlgoTrading, serviceOf } from "../support/algo-trading";
import { expressionsIn, metricNames } from "../support/metric-names";

const root = join(__dirname, "../..");
const applications = ["trading-bot", "market-data", "risk-manager", "order-execution"];

describe("the monitoring of algo-trading", () => {
  const byDefault = planAlgoTrading();

  it("has the five jobs at their intervals, and one for each other thing with metrics [S1-33, S1-34]", () => {
    const jobs = prometheusConfigOf(byDefault).scrape_configs.map((job) => {
      const [discovery] = job.dns_sd_configs ?? [];
      const target =
        discovery === undefined ? "itself" : `${discovery.names.join()}:${discovery.port} ${discovery.type}`;
      return `${job.job_name} ${target} ${job.metrics_path} ${job.scrape_interval}`;
    });
    assert.deepEqual(jobs, [
      "alertmanager alertmanager-pods:9093 A /metrics 15s",
      "cadvisor cadvisor-pods:8080 A /metrics 15s",
      "market-data market-data-pods:8080 A /metrics 15s",
      "node node-exporter-pods:9100 A /metrics 15s",
      "order-execution order-execution-pods:8080 A /metrics 15s",
      "postgres postgres-exporter-pods:9187 A /metrics 15s",
      "prometheus itself /metrics 15s",
      "redis redis-exporter-pods:9121 A /metrics 15s",
      "redis-streams redis-streams-exporter-pods:9121 A /metrics 15s",
      "risk-manager risk-manager-pods:8080 A /metrics 15s",
      "trading-bot trading-bot-pods:8080 A /metrics 5s",
    ]);
  });

  it("watches only what is deployed, and alerts nobody who is not [S1-38]", () => {
    const { scrape_configs, alerting } = prometheusConfigOf(
      planAlgoTrading({}, { only: ["prometheus", "market-data"] }),
    );
    assert.deepEqual(
      scrape_configs.map(({ job_name }) => job_name),
      ["market-data", "prometheus"],
    );
    assert.equal(alerting, undefined);
    assert.deepEqual(prometheusConfigOf(byDefault).alerting, {
      alertmanagers: [{ static_configs: [{ targets: ["alertmanager:9093"] }] }],
    });
  });

  it("keeps samples for as many days as are asked for [S1-32]", () => {
    assert.ok(serviceOf(byDefault, "prometheus").args?.includes("--storage.tsdb.retention.time=30d"));
    const prometheus = serviceOf(planAlgoTrading({ retentionDays: 3 }), "prometheus");
    assert.ok(prometheus.args?.includes("--storage.tsdb.retention.time=3d"));
  });

  it("has four alerts in the group trading_alerts [S1-36]", () => {
    const file: unknown = parse(contentOf(serviceOf(byDefault, "prometheus"), "/etc/prometheus/alerts/trading.yml"));
    const { groups } = file as { groups: { name: string; rules: Record<string, unknown>[] }[] };
    assert.deepEqual(
      groups.map(({ name }) => name),
      ["trading_alerts"],
    );
    const rules = groups[0]?.rules.map(({ alert, expr, for: period, labels }) => ({
      alert,
      expr,
      for: period,
      labels,
    }));
    assert.deepEqual(rules, [
      {
        alert: "HighMemoryUsage",
        expr: 'container_memory_usage_bytes{image!=""} / (container_spec_memory_limit_bytes{image!=""} > 0) > 0.85',
        for: "5m",
        labels: { service: "cadvisor", severity: "warning" },
      },
      {
        alert: "MarketDataStale",
        expr: "time() - trading_last_price_update_timestamp > 30",
        for: "1m",
        labels: { service: "market-data", severity: "critical" },
      },
      {
        alert: "HighDrawdown",
        expr: "trading_drawdown_percent > 5",
        for: "1m",
        labels: { service: "trading-bot", severity: "critical" },
      },
      {
        alert: "OrderExecutionSlow",
        expr: "trading_order_execution_seconds > 2",
        for: "30s",
        labels: { service: "trading-bot", severity: "warning" },
      },
    ]);
  });

  it("reads only metrics that some service says it exports [S1-37]", () => {
    const exported = new Set(byDefault.scrapes.flatMap(({ names }) => names));
    const expressions = [
      ...byDefault.alerts.map(({ expr }) => expr),
      ...byDefault.dashboards.flatMap(({ model }) => expressionsIn(model)),
    ];
    const unknown = expressions.flatMap(metricNames).filter((name) => !exported.has(name));
    assert.ok(expressions.length > 30, `only ${expressions.length} expressions were found`);
    assert.deepEqual(unknown, []);
  });

  it("claims for the applications just the metrics that their sources define", () => {
    const defined = new Set(sources(join(root, "workloads/src/roles")).flatMap(metricsDefinedIn));
    const claimed = byDefault.scrapes
      .filter(({ service }) => applications.includes(service))
      .flatMap(({ names }) => names)
      .filter((name) => !processMetrics.includes(name))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ""));
    assert.deepEqual([...new Set(claimed)].sort(), [...defined].sort());
  });

  it("shows the dashboards in Grafana, each with its title, and lets nobody sign up [S1-40, S1-41]", () => {
    const grafana = serviceOf(byDefault, "grafana");
    const titles = byDefault.dashboards.map(({ uid, title }) => {
      const model: unknown = JSON.parse(contentOf(grafana, `/etc/grafana/provisioning/dashboards/${uid}.json`));
      assert.equal((model as { title: string }).title, title);
      return `${uid}: ${title}`;
    });
    assert.deepEqual(titles, [
      "algo-trading-containers: Containers",
      "algo-trading-monitoring: Monitoring",
      "algo-trading-orders: Orders",
      "algo-trading-overview: Overview of algo-trading",
      "algo-trading-pnl: Profit and loss",
      "algo-trading-postgres: PostgreSQL",
      "algo-trading-redis: Redis",
    ]);
    assert.equal(grafana.env["GF_USERS_ALLOW_SIGN_UP"], "false");
  });

  it("tells whom the stack names, and waits as long as it says", () => {
    const alerting = { receivers: { webhook: { url: "http://hooks.example.com:8443/alerts" } }, alertTimeScale: 0.1 };
    const plan = planAlgoTrading({ alerting });
    assert.deepEqual(plan.externals, [{ from: "alertmanager", host: "hooks.example.com", port: 8443 }]);
    const file = contentOf(serviceOf(plan, "alertmanager"), "/etc/alertmanager/alertmanager.yml");
    const { receivers } = parse(file) as { receivers: { name: string; webhook_configs?: { url: string }[] }[] };
    assert.deepEqual(
      receivers.map(({ name, webhook_configs: [hook] = [] }) => `${name} ${hook?.url}`),
      ["page undefined", "webhook http://hooks.example.com:8443/alerts"],
    );
    const rules = contentOf(serviceOf(plan, "prometheus"), "/etc/prometheus/alerts/trading.yml");
    assert.deepEqual(rules.match(/for: \w+/g), ["for: 30s", "for: 6s", "for: 6s", "for: 3s"]);
  });
});

interface PrometheusConfig {
  readonly alerting?: object;
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly metrics_path: string;
    readonly scrape_interval: string;
    readonly dns_sd_configs?: readonly {
      readonly names: readonly string[];
      readonly port: number;
      readonly type: string;
    }[];
  }[];
}

function prometheusConfigOf(plan: SystemPlan): PrometheusConfig {
  return parse(contentOf(serviceOf(plan, "prometheus"), "/etc/prometheus/prometheus.yml")) as PrometheusConfig;
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

/** Names that are handed to prom-client, as an option or as the first argument of a shorthand for it. */
function metricsDefinedIn(source: string): readonly string[] {
  if (!source.includes("prom-client")) return [];
  return [...source.matchAll(/(?:new (?:Gauge|Counter|Histogram)\(\{\s*name: |gauge\(|counter\()"([a-z_]+)"/g)].flatMap(
    ([, name]) => name ?? [],
  );
}
