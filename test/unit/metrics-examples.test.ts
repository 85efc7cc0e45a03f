import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { SystemPlan } from "../../components/core/plan-types";
import { contentOf, serviceOf } from "../support/algo-trading";
import { expressionsIn, metricNames } from "../support/metric-names";
import { planMetricsExamples } from "../support/metrics-examples";
import { containerOf, manifestOf, podOf } from "../support/rendered";

const byDefault = planMetricsExamples();
const live = planMetricsExamples({ source: "live", hostAgents: false });
const env = (plan: SystemPlan, service: string) => serviceOf(plan, service).env;

/** Ports of this machine, by service and port. */
const published = (plan: SystemPlan): readonly string[] =>
  plan.services
    .flatMap(({ name, ports }) =>
      Object.values(ports).flatMap(({ number, hostNumber = number, exposure }) =>
        exposure === "internal" ? [] : [`${name} ${hostNumber}:${number} ${exposure}`],
      ),
    )
    .sort();

describe("metrics-examples", () => {
  it("publishes what people look at, on this machine alone [S4-01, S4-02, S4-03, S4-06, S4-08, S4-09, S4-22]", () => {
    assert.deepEqual(published(byDefault), [
      "backend 8998:8998 loopback",
      "grafana 3000:3000 loopback",
      "graphite 18000:8080 loopback",
      "influxdb 8086:8086 loopback",
      "prometheus 9090:9090 loopback",
      "worker-prometheus 28000:8000 loopback",
    ]);
    assert.ok(published(planMetricsExamples({ public: true })).includes("backend 8998:8998 public"));
  });

  it("keeps carbon and StatsD to those who are connected, the latter by datagrams [S4-04, S4-05]", () => {
    const { carbon } = serviceOf(byDefault, "graphite").ports;
    assert.deepEqual([carbon?.number, carbon?.exposure], [2003, "internal"]);
    const udp = { name: "statsd", port: 8125, targetPort: 8125, protocol: "UDP" };
    assert.deepEqual(
      manifestOf(byDefault, "Service", "statsd").spec.ports?.find(
        (port) => "protocol" in port && port.protocol === "UDP",
      ),
      udp,
    );
  });

  it("runs each as its kind asks: stores stateful, the scraper without a Service, once only [S4-06, S4-08, S4-09, S4-10]", () => {
    for (const store of ["influxdb", "graphite"]) manifestOf(byDefault, "StatefulSet", store);
    for (const program of ["backend", "worker-prometheus", "scraper"]) manifestOf(byDefault, "Deployment", program);
    assert.deepEqual([serviceOf(byDefault, "scraper").ports, serviceOf(byDefault, "scraper").singleton], [{}, true]);
    assert.throws(() => manifestOf(byDefault, "Service", "scraper"), /there is no Service scraper/);
    assert.deepEqual(manifestOf(byDefault, "Service", "worker-prometheus").spec.ports, [
      { name: "http", port: 8000, targetPort: 8000, protocol: "TCP" },
    ]);
  });

  it("makes the database pyexample [S4-07]", () => {
    assert.equal(env(byDefault, "influxdb")["INFLUXDB_DB"], "pyexample");
    assert.equal(env(byDefault, "scraper")["INFLUXDB_DATABASE"], "pyexample");
  });

  it("asks worker and scraper for the same: shares, interval, seed and prefix [S4-11, S4-12, S4-13, S4-14]", () => {
    const same = ["TICKERS", "INTERVAL", "SEED"];
    for (const service of ["worker-prometheus", "scraper"])
      assert.deepEqual(
        same.map((name) => env(byDefault, service)[name]),
        ["SBERP,SBER,GAZP", "30", "1"],
      );
    assert.equal(env(byDefault, "scraper")["GRAPHITE_PREFIX"], "stocks");
    const schemas = contentOf(serviceOf(byDefault, "graphite"), "/etc/graphite/storage-schemas.conf");
    assert.match(schemas, /\[quotes\]\npattern = \^stocks\\\.\nretentions = 30s:1d,300s:30d\n/);
  });

  it("asks the exchange only with source: live, where its address may be changed [S4-24, S4-36]", () => {
    assert.deepEqual(byDefault.externals, []);
    assert.deepEqual(live.externals, [
      { from: "scraper", host: "iss.moex.com", port: 443 },
      { from: "worker-prometheus", host: "iss.moex.com", port: 443 },
    ]);
    const stub = planMetricsExamples({ source: "live", exchangeUrl: "http://stub.test:8081" });
    assert.equal(env(stub, "scraper")["MOEX_URL"], "http://stub.test:8081");
    assert.deepEqual(stub.externals[0], { from: "scraper", host: "stub.test", port: 8081 });
  });

  it("connects what its matrix connects, and nothing else [S4-22, S4-23, S4-24]", () => {
    assert.deepEqual(
      byDefault.connections.map(({ from, to, port, protocol }) => `${from} ${to}:${port}/${protocol}`),
      [
        "backend graphite:8080/tcp",
        "backend influxdb:8086/tcp",
        "grafana graphite:8080/tcp",
        "grafana influxdb:8086/tcp",
        "grafana prometheus:9090/tcp",
        "prometheus backend:8998/tcp",
        "prometheus influxdb:8086/tcp",
        "prometheus node-exporter:9100/tcp",
        "prometheus worker-prometheus:8000/tcp",
        "scraper graphite:2003/tcp",
        "scraper influxdb:8086/tcp",
        "scraper statsd:8125/udp",
        "statsd graphite:2003/tcp",
      ],
    );
  });

  it("has buckets where prices are, or where they are wanted [S4-17]", () => {
    const bounds = (plan: SystemPlan) => String(env(plan, "worker-prometheus")["PRICE_BUCKETS"]).split(",").map(Number);
    assert.deepEqual([bounds(byDefault)[0], bounds(byDefault).at(-1)], [25, 500]);
    assert.deepEqual(bounds(planMetricsExamples({ priceBuckets: [1, 2.5] })), [1, 2.5]);
  });

  it("looks at the machine by a container that reads its folders, or leaves that to the cluster [S4-18]", () => {
    const [mount] = serviceOf(byDefault, "node-exporter").hostMounts;
    assert.deepEqual([mount?.source, mount?.readOnly], ["/", true]);
    assert.ok(!live.services.some(({ name }) => name === "node-exporter"));
  });

  it("scrapes itself, the machine and the worker [S4-19]", () => {
    const config = parse(contentOf(serviceOf(byDefault, "prometheus"), "/etc/prometheus/prometheus.yml")) as {
      readonly scrape_configs: readonly { readonly job_name: string }[];
    };
    assert.deepEqual(
      config.scrape_configs.map(({ job_name }) => job_name),
      ["backend", "influxdb", "node", "prometheus", "worker-prometheus"],
    );
  });

  it("shows three data sources and the plugins that are asked for [S4-20, S4-21]", () => {
    const plan = planMetricsExamples({ grafanaPlugins: ["grafana-clock-panel 2.1.3"] });
    const grafana = serviceOf(plan, "grafana");
    const types = ["prometheus", "graphite", "influxdb"].map((name) => {
      const file = contentOf(grafana, `/etc/grafana/provisioning/datasources/${name}.yml`);
      return (parse(file) as { readonly datasources: readonly { readonly type: string }[] }).datasources[0]?.type;
    });
    assert.deepEqual(types, ["prometheus", "graphite", "influxdb"]);
    assert.equal(env(plan, "grafana")["GF_INSTALL_PLUGINS"], "grafana-clock-panel 2.1.3");
    assert.equal(env(byDefault, "grafana")["GF_INSTALL_PLUGINS"], undefined);
  });

  it("has who writes wait for the stores [S4-26]", () => {
    const waits = serviceOf(byDefault, "scraper").waits.map(({ service, until }) => `${service} ${until}`);
    assert.deepEqual(waits, ["graphite healthy", "influxdb healthy", "statsd healthy"]);
    assert.ok("initContainers" in podOf(byDefault, "Deployment", "scraper"));
  });

  it("runs its three applications from one image [S4-27]", () => {
    const images = ["worker-prometheus", "scraper", "backend"].map((name) => serviceOf(byDefault, name).image);
    for (const image of images) assert.deepEqual(image, images[0]);
  });

  it("keeps what four of its services hold on a volume each [S4-28]", () => {
    const volumes = byDefault.services.flatMap(({ name, volumes }) =>
      Object.keys(volumes).map((volume) => `${name} ${volume}`),
    );
    assert.deepEqual(volumes.sort(), ["grafana data", "graphite storage", "influxdb data", "prometheus data"]);
  });

  it("has its passwords as secrets in files [S4-29]", () => {
    const secret = (service: string, name: string) =>
      serviceOf(byDefault, service).files.find(({ path }) => path === `/run/secrets/${name}`);
    for (const [service, name, from] of [
      ["grafana", "grafana-admin-password", "grafana-admin-password"],
      ["influxdb", "influxdb-admin-password", "influxdb-admin-password"],
      ["scraper", "influxdb-password", "influxdb-password"],
    ] as const) {
      const file = secret(service, name);
      assert.equal(file?.mode, 0o400);
      assert.equal(JSON.stringify(file.content), JSON.stringify({ secret: `metrics-examples/${from}` }));
    }
  });

  it("names a version of every image [S4-30]", () => {
    for (const { image, name } of byDefault.services)
      if (typeof image === "string") assert.match(image, /:v?\d+\.\d+/, name);
  });

  it("limits every service, and checks it [S4-31, S4-32]", () => {
    for (const { name, resources, probes } of byDefault.services) {
      assert.ok(resources.memoryMiB.limit > 0 && resources.cpuMillis.limit !== undefined, name);
      assert.ok(probes.ready !== undefined, name);
      assert.notDeepEqual(containerOf(byDefault, name).healthcheck.tests, ["NONE"], name);
    }
  });

  it("scales its backend alone, for which nothing of it is published [S4-33]", () => {
    const scaled = planMetricsExamples({ maxBackends: 3 });
    assert.deepEqual(
      scaled.services.flatMap(({ name, autoscale }) => (autoscale === undefined ? [] : [`${name} ${autoscale.max}`])),
      ["backend 3"],
    );
    manifestOf(scaled, "HorizontalPodAutoscaler", "backend");
    assert.ok(!published(scaled).some((port) => port.startsWith("backend")));
    assert.equal(serviceOf(scaled, "scraper").singleton, true);
  });

  it("starts everything again that ends [S4-34]", () => {
    for (const { name } of byDefault.services)
      assert.equal(containerOf(byDefault, name).restart, "unless-stopped", name);
  });

  it("has a board for each store, one for all of them and one for the machine, of what is exported [S4-35]", () => {
    assert.deepEqual(
      byDefault.dashboards.map(({ uid }) => uid),
      [
        "comparison",
        "influxdb",
        "monitoring",
        "node",
        "overview",
        "quotes-graphite",
        "quotes-influxdb",
        "quotes-prometheus",
      ].map((slug) => `metrics-examples-${slug}`),
    );
    const exported = new Set(["up", ...byDefault.scrapes.flatMap(({ names }) => names)]);
    const expressions = [
      ...byDefault.dashboards.flatMap(({ model }) => expressionsIn(model)),
      ...byDefault.alerts.map(({ expr }) => expr),
    ];
    assert.deepEqual(
      expressions.flatMap(metricNames).filter((name) => !exported.has(name)),
      [],
    );
  });

  it("asks Graphite and InfluxDB for each share in their own words", () => {
    const targets = byDefault.dashboards
      .filter(({ uid }) => /quotes-(graphite|influxdb)$/.test(uid))
      .flatMap(({ model }) => (model as { panels: { targets: Readonly<Record<string, string>>[] }[] }).panels)
      .flatMap((panel) => panel.targets.map((target) => target["target"] ?? target["query"] ?? ""));
    for (const ticker of ["SBERP", "SBER", "GAZP"]) {
      assert.ok(targets.includes(`alias(stocks.${ticker}.price, "${ticker}")`));
      assert.ok(targets.includes(`alias(stats.gauges.stocks.${ticker}.price, "${ticker}")`));
      assert.ok(targets.some((target) => target.includes(`"ticker" = '${ticker}'`)));
    }
  });

  it("has its own alerts and that of InfluxDB, each with a page that says what to do", () => {
    assert.deepEqual(byDefault.alerts.map(({ name }) => name).sort(), [
      "InfluxDbDown",
      "QuotesStale",
      "StoreDisagreement",
    ]);
    for (const { runbook } of byDefault.alerts)
      assert.ok(runbook !== undefined && existsSync(join(__dirname, "../..", runbook)), runbook);
  });
});
