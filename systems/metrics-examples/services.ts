import type { CatalogueBuilder } from "../../components/builder";
import { external } from "../../components/core/connect";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { ServiceSpec } from "../../components/core/spec";
import { processMetrics } from "../../components/monitoring/process-metrics";
import { running, workloadsImage } from "../workloads";
import type { MetricsExamplesSettings } from "./settings";

/** What the applications find around them. */
export interface Surroundings {
  readonly system: CatalogueBuilder;
  readonly settings: MetricsExamplesSettings;
  readonly graphite: ServiceHandle;
  readonly influxdb: ServiceHandle;
  /** Absent where nothing is sent to it. */
  readonly statsd: ServiceHandle | undefined;
}

export const graphitePrefix = "stocks";
const workerPort = 8000;
const backendPort = 8998;
const unexposedPort = 8080;

/** Waits to be asked: Prometheus reads its metrics. One only: two would each have a price of the same share. */
export function worker({ system, settings }: Surroundings): ServiceHandle {
  const service = system.service("worker-prometheus", {
    ...application(settings, "metrics-worker"),
    singleton: true,
    update: { order: "stopFirst" },
    ports: { http: { number: workerPort, exposure: "loopback", hostNumber: 28_000 } },
    env: {
      ...common(settings, workerPort),
      ...quoted(settings),
      PRICE_BUCKETS: settings.priceBuckets.join(","),
    },
    probes: answering("/metrics"),
  });
  return reachingExchange(service, settings).metricsOn("http", {
    names: [
      ...processMetrics,
      "moex_stock_price_bucket",
      "moex_stock_price_count",
      "moex_stock_price_sum",
      "moex_stock_last_price",
      "moex_stock_last_price_timestamp_seconds",
      "moex_scrape_errors_total",
      "moex_source_live",
    ],
  });
}

/** Sends what nobody asks it for: to Graphite, to InfluxDB, and to StatsD. It has no port at all. */
export function scraper({ system, settings, graphite, influxdb, statsd }: Surroundings): ServiceHandle {
  const name = "scraper";
  const timing = { periodSeconds: 15, timeoutSeconds: 10, failures: 3 };
  const service = system.service(name, {
    ...application(settings, "metrics-scraper"),
    singleton: true,
    env: { ...common(settings, unexposedPort), ...quoted(settings), GRAPHITE_PREFIX: graphitePrefix },
    probes: {
      ready: { exec: ["healthcheck", `http://127.0.0.1:${unexposedPort}/ready`], ...timing },
      live: { exec: ["healthcheck", `http://127.0.0.1:${unexposedPort}/live`], ...timing },
    },
    update: { order: "stopFirst" },
  });
  service
    .connectsTo(graphite.endpoint("carbon"), {
      env: ({ host, port }) => ({ GRAPHITE_HOST: host, GRAPHITE_PORT: String(port) }),
    })
    .connectsTo(influxdb, accessOf(system, name));
  if (statsd !== undefined)
    service.connectsTo(statsd, { env: ({ host, port }) => ({ STATSD_HOST: host, STATSD_PORT: String(port) }) });
  return reachingExchange(service, settings);
}

/** Tells what the stores hold. */
export function backend({ system, settings, graphite, influxdb }: Surroundings): ServiceHandle {
  const { maxBackends } = settings;
  const name = "backend";
  const exposure = settings.public ? "public" : "loopback";
  const service = system.service(name, {
    ...application(settings, "metrics-backend"),
    ...(maxBackends === undefined ? {} : { autoscale: { min: 1, max: maxBackends, cpuPercent: 70 } }),
    // several cannot share a port of this machine
    ports: { http: { number: backendPort, ...(maxBackends === undefined ? { exposure } : {}) } },
    env: {
      ...common(settings, backendPort),
      TICKERS: settings.tickers.join(","),
      GRAPHITE_PREFIX: graphitePrefix,
    },
    probes: answering("/ready"),
  });
  return service
    .connectsTo(graphite.endpoint("http"), { env: ({ url }) => ({ GRAPHITE_URL: url }) })
    .connectsTo(influxdb, accessOf(system, name))
    .metricsOn("http", { names: [...processMetrics, "moex_store_price", "moex_store_price_timestamp_seconds"] });
}

function application(settings: MetricsExamplesSettings, role: string): Pick<ServiceSpec, "image" | "resources"> {
  return {
    image: workloadsImage,
    ...running(["node", "src/main.ts", role], settings),
    resources: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: 96, limit: 256 } },
  };
}

const common = ({ development, logLevel }: MetricsExamplesSettings, port: number): Record<string, string> => ({
  ENVIRONMENT: development ? "development" : "production",
  LOG_LEVEL: logLevel,
  PORT: String(port),
});

/** Who has these alike sees the same quotes. */
function quoted({
  tickers,
  intervalSeconds,
  seed,
  source,
  exchangeUrl,
}: MetricsExamplesSettings): Record<string, string> {
  return {
    TICKERS: tickers.join(","),
    INTERVAL: String(intervalSeconds),
    SEED: String(seed),
    ...(source === "live" ? { MOEX_URL: exchangeUrl } : {}),
  };
}

/** Ready as the path says; alive as long as it answers itself. */
function answering(path: string): NonNullable<ServiceSpec["probes"]> {
  const timing = { periodSeconds: 10, timeoutSeconds: 5, failures: 3 };
  return {
    ready: { http: { port: "http", path }, ...timing },
    live: { http: { port: "http", path: "/live" }, ...timing },
  };
}

const accessOf = (system: CatalogueBuilder, name: string): Parameters<ServiceHandle["connectsTo"]>[1] => ({
  env: ({ url, value }) => ({
    INFLUXDB_URL: url,
    INFLUXDB_DATABASE: value("database"),
    INFLUXDB_USER: value("user"),
    INFLUXDB_PASSWORD_FILE: system.secretFile(name, "influxdb-password", value("password")),
  }),
});

function reachingExchange(service: ServiceHandle, { source, exchangeUrl }: MetricsExamplesSettings): ServiceHandle {
  if (source === "simulated") return service;
  const { hostname, port, protocol } = new URL(exchangeUrl);
  return service.reaches(external(hostname, port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)));
}
