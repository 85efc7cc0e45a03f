import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ServicePlan, SystemPlan } from "../../components/core/plan-types";
import { contentOf, serviceOf } from "../support/algo-trading";
import { expressionsIn, metricNames } from "../support/metric-names";
import { containerOf, manifestOf, podOf } from "../support/rendered";
import { planZigquant } from "../support/zigquant";

const api = (plan: SystemPlan): ServicePlan => serviceOf(plan, "zigquant");
const container = (plan: SystemPlan) => containerOf(plan, "zigquant");
const pod = (plan: SystemPlan) => podOf(plan, "Deployment", "zigquant");
const firstOf = (plan: SystemPlan): Readonly<Record<string, unknown>> => pod(plan).containers[0] ?? {};

describe("zigquant", () => {
  const byDefault = planZigquant();
  const development = planZigquant({ development: true });
  const full = planZigquant({ profile: "full" });

  it("is built from sources that are bound in development, and a release by its pinned tag elsewhere [S3-01]", () => {
    assert.deepEqual(
      api(development).hostMounts.map(({ path, readOnly }) => [path, readOnly]),
      [["/app/src", true]],
    );
    const released = api(planZigquant({ release: "davirain/zigquant:v1.0.0" }));
    assert.deepEqual([released.image, released.hostMounts], ["davirain/zigquant:v1.0.0", []]);
    assert.throws(() => planZigquant({ release: "davirain/zigquant:latest" }), /name a version/);
  });

  it("serves with its configuration, anew with each change in development [S3-02]", () => {
    const serve = ["serve", "--config", "/etc/zigquant/config.json"];
    assert.deepEqual(api(byDefault).args, ["node", "src/main.ts", "zigquant", ...serve]);
    assert.deepEqual(api(planZigquant({ release: "a/b:1.0" })).args, serve);
    assert.deepEqual(api(development).args?.slice(-6), ["node", "src/main.ts", "zigquant", ...serve]);
    assert.match(api(development).args?.[1] ?? "", /hot-reload\.ts$/);
  });

  it("keeps what is compiled on a volume in development, and has none elsewhere [S3-03]", () => {
    assert.equal(api(development).volumes["compiled"]?.path, "/app/zig-cache");
    assert.equal(api(development).env["NODE_COMPILE_CACHE"], "/app/zig-cache");
    assert.deepEqual(Object.keys(api(byDefault).volumes), ["data"]);
  });

  it("logs at debug in development and at info elsewhere, unless told otherwise [S3-04]", () => {
    const level = (plan: SystemPlan) => api(plan).env["ZIGQUANT_LOG_LEVEL"];
    assert.deepEqual([level(development), level(byDefault)], ["debug", "info"]);
    assert.equal(level(planZigquant({ development: true, logLevel: "warn" })), "warn");
  });

  it("answers on 8080: published on this machine's loopback address, inside a cluster by its Service [S3-06]", () => {
    const [port] = container(byDefault).ports ?? [];
    assert.deepEqual([port?.internal, port?.ip], [8080, "127.0.0.1"]);
    assert.deepEqual(manifestOf(byDefault, "Service", "zigquant").spec.ports, [
      { name: "http", port: 8080, targetPort: 8080, protocol: "TCP" },
    ]);
  });

  it("takes a core and 256 MiB on a small machine, up to four and 1 GiB in production, a quarter of it for sure [S3-07, S3-08]", () => {
    const { cpus, memory } = container(byDefault);
    assert.deepEqual([cpus, memory], ["1.0", 256]);
    const { requests, limits } = firstOf(full)["resources"] as Readonly<
      Record<string, Readonly<Record<string, string>>>
    >;
    assert.deepEqual([requests?.["cpu"], requests?.["memory"]], ["1000m", "256Mi"]);
    assert.deepEqual([limits?.["cpu"], limits?.["memory"]], ["4000m", "1024Mi"]);
  });

  it("is checked each 30 s, for 3 s, after 5 s, three times: /health on Docker, and /ready besides in production [S3-09, S3-10]", () => {
    const { healthcheck } = container(development);
    assert.deepEqual(
      [healthcheck.interval, healthcheck.timeout, healthcheck.startPeriod, healthcheck.retries],
      ["30s", "3s", "5s", 3],
    );
    assert.match(healthcheck.tests.join(" "), /http:\/\/127\.0\.0\.1:8080\/health/);
    const probe = (path: string) => ({
      httpGet: { port: 8080, path },
      periodSeconds: 30,
      timeoutSeconds: 3,
      failureThreshold: 3,
    });
    assert.deepEqual(firstOf(byDefault)["livenessProbe"], probe("/health"));
    assert.deepEqual(firstOf(byDefault)["readinessProbe"], probe("/ready"));
  });

  it("has thirty seconds to end [S3-11]", () => {
    assert.equal(container(byDefault).stopTimeout, 30);
    assert.ok(pod(byDefault).terminationGracePeriodSeconds >= 30);
  });

  it("is confined: 1000, read-only root, no rights, two folders in memory [S3-13, S3-14, S3-15, S3-16]", () => {
    const { user, readOnly, capabilities, securityOpts, tmpfs } = container(byDefault);
    assert.deepEqual([user, readOnly, capabilities], ["1000:1000", true, { drops: ["ALL"] }]);
    assert.ok(securityOpts?.includes("no-new-privileges"));
    assert.deepEqual(Object.keys(tmpfs ?? {}), ["/var/lib/zigquant/cache", "/tmp"]);
    const memory = pod(byDefault).volumes.filter(({ emptyDir }) => JSON.stringify(emptyDir)?.includes("Memory"));
    assert.equal(memory.length, 2);
    assert.equal(firstOf(byDefault)["securityContext"] !== undefined, true);
  });

  it("gets its configuration and two secrets as files [S3-12, S3-17]", () => {
    const files = api(byDefault).files.map(({ path, mode }) => `${path} ${mode.toString(8)}`);
    assert.deepEqual(files, [
      "/etc/zigquant/config.json 444",
      "/run/secrets/api_key 400",
      "/run/secrets/jwt_secret 400",
    ]);
    for (const name of ["api_key", "jwt_secret"]) {
      const secret = api(byDefault).files.find(({ path }) => path.endsWith(name))?.content;
      assert.equal(JSON.stringify(secret), JSON.stringify({ secret: `zigquant/${name.replace("_", "-")}` }));
    }
  });

  it("is one, which ends before the next begins, on a volume of its own [S3-18, S3-32]", () => {
    const { replicas, strategy } = manifestOf(byDefault, "Deployment", "zigquant").spec;
    assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
    assert.equal(api(byDefault).singleton, true);
    assert.deepEqual(Object.keys(api(byDefault).volumes), ["data"]);
  });

  it("is reached and reaches as in its matrix, the exchange only when prices come from there [S3-19]", () => {
    const ways = (plan: SystemPlan) => plan.connections.map(({ from, to, port }) => `${from} ${to} ${port}`);
    assert.deepEqual(ways(byDefault), ["grafana prometheus 9090", "prometheus zigquant 8080"]);
    assert.deepEqual(byDefault.externals, []);
    const live = planZigquant({ exchange: "live" });
    assert.deepEqual(live.externals, [{ from: "zigquant", host: "api.binance.com", port: 443 }]);
    const config: unknown = JSON.parse(contentOf(api(live), "/etc/zigquant/config.json"));
    assert.equal((config as { readonly priceUrl: string }).priceUrl, "https://api.binance.com/api/v3/ticker/price");
  });

  it("is scraped each 10 s for at most 5 s, and Prometheus each 15 s by itself [S3-21, S3-22, S3-23]", () => {
    const config = parse(contentOf(serviceOf(byDefault, "prometheus"), "/etc/prometheus/prometheus.yml")) as {
      readonly global: Readonly<Record<string, unknown>>;
      readonly scrape_configs: readonly Readonly<Record<string, unknown>>[];
    };
    assert.deepEqual([config.global["scrape_interval"], config.global["evaluation_interval"]], ["15s", "15s"]);
    const jobs = config.scrape_configs.map((job) => [job["job_name"], job["scrape_interval"], job["scrape_timeout"]]);
    assert.deepEqual(jobs, [
      ["prometheus", "15s", "10s"],
      ["zigquant", "10s", "5s"],
    ]);
    const itself = config.scrape_configs[0]?.["static_configs"];
    assert.deepEqual(itself, [{ targets: ["localhost:9090"] }]);
  });

  it("has no Alertmanager unless one is wanted [S3-24]", () => {
    const names = (plan: SystemPlan) => plan.services.map(({ name }) => name).sort();
    assert.deepEqual(names(byDefault), ["grafana", "prometheus", "zigquant"]);
    assert.deepEqual(names(planZigquant({ alertmanager: true })), [
      "alertmanager",
      "grafana",
      "prometheus",
      "zigquant",
    ]);
  });

  it("shows Prometheus, fixed and first, and looks for dashboards each 10 s in the root folder [S3-25, S3-26]", () => {
    const provisioned = (file: string): unknown =>
      parse(contentOf(serviceOf(byDefault, "grafana"), `/etc/grafana/provisioning/${file}`));
    const { datasources } = provisioned("datasources/prometheus.yml") as {
      readonly datasources: readonly Readonly<Record<string, unknown>>[];
    };
    const [source] = datasources;
    assert.deepEqual(
      ["name", "type", "access", "isDefault", "editable"].map((key) => source?.[key]),
      ["Prometheus", "prometheus", "proxy", true, false],
    );
    assert.equal(serviceOf(byDefault, "grafana").env["PROMETHEUS_URL"], "http://prometheus:9090");
    const { providers } = provisioned("dashboards/files.yml") as { readonly providers: readonly object[] };
    assert.deepEqual(providers, [
      {
        name: "zigQuant",
        orgId: 1,
        folder: "",
        type: "file",
        disableDeletion: false,
        allowUiUpdates: false,
        updateIntervalSeconds: 10,
        options: { path: "/etc/grafana/provisioning/dashboards" },
      },
    ]);
  });

  it("has the dashboard zigquant-main with three panels and four queries, of metrics that it exports [S3-27]", () => {
    const [dashboard, ...others] = byDefault.dashboards;
    assert.deepEqual([dashboard?.uid, dashboard?.title], ["zigquant-main", "zigQuant Trading Dashboard"]);
    assert.deepEqual(
      others.map(({ uid }) => uid),
      ["zigquant-monitoring", "zigquant-overview"],
    );
    assert.ok(dashboard !== undefined);
    const { panels } = dashboard.model as { readonly panels: readonly { title: string; type: string }[] };
    assert.deepEqual(
      panels.map(({ title, type }) => [title, type]),
      [
        ["Total Trades", "stat"],
        ["Win Rate", "gauge"],
        ["API Latency", "timeseries"],
      ],
    );
    const own = 'system="$system", job=~"$job", instance=~"$instance"';
    const latency = `sum by (le) (rate(zigquant_api_latency_seconds_bucket{${own}}[$__rate_interval]))`;
    assert.deepEqual(expressionsIn(dashboard?.model), [
      `sum(zigquant_trades_total{${own}})`,
      `avg(zigquant_win_rate{${own}})`,
      `histogram_quantile(0.99, ${latency})`,
      `histogram_quantile(0.95, ${latency})`,
    ]);
  });

  it("alerts on metrics that it exports, each with a page that says what to do", () => {
    assert.deepEqual(
      byDefault.alerts.map(({ name, severity }) => `${name} ${severity}`),
      ["ZigQuantHighLatency warning", "ZigQuantLowWinRate warning"],
    );
    const exported = new Set(["up", ...byDefault.scrapes.flatMap(({ names }) => names)]);
    for (const { expr, runbook } of byDefault.alerts) {
      assert.deepEqual(
        metricNames(expr).filter((name) => !exported.has(name)),
        [],
      );
      assert.ok(runbook !== undefined && existsSync(join(__dirname, "../..", runbook)), runbook);
    }
  });

  it("keeps what Prometheus and Grafana have on volumes [S3-28]", () => {
    for (const [name, path] of [
      ["prometheus", "/prometheus"],
      ["grafana", "/var/lib/grafana"],
    ] as const)
      assert.deepEqual(
        Object.values(serviceOf(byDefault, name).volumes).map((volume) => volume.path),
        [path],
      );
  });

  it("logs to the container, five files of 50 MB, compressed [S3-29]", () => {
    const { logDriver, logOpts } = container(byDefault);
    assert.deepEqual([logDriver, logOpts], ["json-file", { compress: "true", "max-file": "5", "max-size": "50m" }]);
  });

  it("writes a copy of its log to a volume when it is asked to, and keeps its configuration [S3-30]", () => {
    const service = api(planZigquant({ logTo: "file" }));
    assert.equal(service.volumes["logs"]?.path, "/var/log/zigquant");
    assert.deepEqual(service.args?.slice(-4), [
      "--config",
      "/etc/zigquant/config.json",
      "--log-file",
      "/var/log/zigquant/app.log",
    ]);
  });

  it("is started again whenever it ends [S3-37]", () => {
    assert.equal(container(byDefault).restart, "unless-stopped");
    assert.ok([undefined, "Always"].includes(pod(byDefault).restartPolicy));
  });
});
