import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { ServiceSpec } from "../../components/core/spec";
import { processMetrics } from "../../components/monitoring/process-metrics";
import { circuitOpen, ingestLag, jetStreamAlerts, sagaCompensations } from "./alerts";
import { brokerDashboard, storageDashboard } from "./dashboards";
import { type MarketPrismSettings, type ServiceKey, services } from "./settings";
import { workloadsImage } from "../workloads";
import { connect, type Need, type Surroundings, variablesForElsewhere } from "./surroundings";

const port = 8000;
const configFolder = "/app/config";

const nats: Need = { upstream: "nats", url: "NATS_URL", account: "NATS" };
const clickhouse: Need = { upstream: "clickhouse", url: "CLICKHOUSE_URL", account: "CLICKHOUSE" };
const redis: Need = { upstream: "redis", url: "REDIS_URL", urlHoldsPassword: true };

/** Names of metrics that every service has. */
const common = [
  ...processMetrics,
  "marketprism_up",
  "marketprism_http_requests_total",
  "marketprism_http_request_duration_seconds_bucket",
  "marketprism_http_request_duration_seconds_count",
  "marketprism_http_request_duration_seconds_sum",
];

/** Sees prices and publishes them. */
export function collector(around: Surroundings): ServiceHandle {
  const { settings } = around;
  const storage: Need = { upstream: "storage", url: "STORAGE_URL" };
  return workload(around, "collector", {
    hostNumber: 8001,
    most: settings.maxCollectors,
    needs: [nats, { ...clickhouse, account: undefined }, redis, storage],
    env: settings.seed === undefined ? {} : { SEED: String(settings.seed) },
  })
    .alerts(sagaCompensations, circuitOpen)
    .metricsOn("http", {
      names: [
        ...common,
        "marketprism_messages_published_total",
        "marketprism_saga_compensations_total",
        "marketprism_circuit_state",
      ],
    });
}

/** Writes prices to ClickHouse and answers questions about them. */
export function storage(around: Surroundings): ServiceHandle {
  return workload(around, "storage", {
    hostNumber: 8002,
    most: around.settings.maxStorages,
    needs: [nats, clickhouse],
  })
    .alerts(ingestLag)
    .dashboard(storageDashboard())
    .metricsOn("http", {
      names: [
        ...common,
        "marketprism_rows_written_total",
        "marketprism_newest_tick_timestamp_seconds",
        "marketprism_circuit_state",
      ],
    });
}

/** The way in. */
export function gateway(around: Surroundings): ServiceHandle {
  return workload(around, "gateway", {
    hostNumber: 8000,
    most: around.settings.maxGateways,
    needs: [
      { upstream: "collector", url: "COLLECTOR_URL" },
      { upstream: "storage", url: "STORAGE_URL" },
    ],
  }).metricsOn("http", { names: [...common, "marketprism_circuit_state"] });
}

/** Tells others by the broker when work is due; it starts without the others. */
export function scheduler(around: Surroundings): ServiceHandle {
  return workload(around, "scheduler", {
    hostNumber: 8003,
    needs: [{ ...nats, wait: "none" }],
    spec: { singleton: true, update: { order: "stopFirst" } },
  }).metricsOn("http", { names: [...common, "marketprism_messages_published_total"] });
}

/** Makes metrics of what has none of its own; it starts without the others. */
export function monitoringService(
  around: Surroundings,
  broker: ServiceHandle,
  watched: readonly ServiceHandle[],
): ServiceHandle {
  const handle = workload(around, "monitoring", {
    needs: [],
    env: { WATCHED: watched.map(({ name }) => `${name}=http://${name}:${port}/live`).join(",") },
  });
  for (const service of watched) handle.connectsTo(service, { wait: "none" });
  return handle
    .connectsTo(broker.endpoint("monitor"), { wait: "none", env: ({ url }) => ({ NATS_MONITOR_URL: url }) })
    .alerts(...jetStreamAlerts)
    .dashboard(brokerDashboard())
    .metricsOn("http", {
      names: [
        ...common,
        "marketprism_service_up",
        "nats_up",
        "nats_connections",
        "nats_slow_consumers_total",
        "nats_messages_in_total",
        "nats_messages_out_total",
        "nats_jetstream_storage_bytes",
        "nats_jetstream_storage_limit_bytes",
        "nats_jetstream_messages",
        "nats_stream_messages",
        "nats_consumer_pending_messages",
      ],
    });
}

interface WorkloadOptions {
  readonly needs: readonly Need[];
  /** Port on the host. @default - none */
  readonly hostNumber?: number;
  /** Copies at most, outside of development. @default 1 */
  readonly most?: number;
  readonly env?: ServiceSpec["env"];
  readonly spec?: Pick<ServiceSpec, "singleton" | "update">;
}

/** One of the system's own programs: they share an image, and are told their role, name and version. */
function workload(around: Surroundings, key: ServiceKey, options: WorkloadOptions): ServiceHandle {
  const { system, settings } = around;
  const { needs, hostNumber, most = 1, env = {}, spec = {} } = options;
  const name = services[key];
  const scales = settings.environment !== "development" && most > 1;
  const handle = system.service(name, {
    ...spec,
    image: settings.images[key] ?? workloadsImage,
    args: ["node", "src/main.ts", `marketprism-${key}`],
    // Copies cannot share a port of the host, so that what may scale has none.
    ports: {
      http: { number: port, ...(hostNumber === undefined || scales ? {} : exposed(key, hostNumber, settings)) },
    },
    env: {
      PORT: String(port),
      SERVICE_NAME: name,
      SERVICE_VERSION: settings.versions[key],
      ENVIRONMENT: settings.environment,
      CONFIG_DIR: configFolder,
      HTTP_TIMEOUT_MS: String(settings.http.timeoutSeconds * 1_000),
      HTTP_POOL_LIMIT: String(settings.http.poolLimit),
      BREAKER_FAILURES: String(settings.breaker.failures),
      BREAKER_RECOVERY_MS: String(settings.breaker.recoverySeconds * 1_000),
      ...env,
      ...variablesForElsewhere(name, needs, around),
    },
    files: layersOf(key, settings),
    ...(scales ? { autoscale: { min: 2, max: most, cpuPercent: 70 } } : {}),
    resources: resources[settings.profile],
    probes: {
      ready: { http: { port: "http", path: "/health" }, periodSeconds: 5, timeoutSeconds: 6, failures: 3 },
      live: { http: { port: "http", path: "/live" }, periodSeconds: 10, timeoutSeconds: 3, failures: 3 },
    },
  });
  return connect(handle, needs, around);
}

function exposed(key: ServiceKey, hostNumber: number, { public: open }: MarketPrismSettings) {
  return { hostNumber, exposure: open.some((name) => name === key) ? ("public" as const) : ("loopback" as const) };
}

const resources = {
  small: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: 96, limit: 256 } },
  full: { cpuMillis: { request: 250, limit: 1000 }, memoryMiB: { request: 256, limit: 512 } },
};

/** The layers that hold in the environment; local.yaml is nobody's but a developer's. A test runs with production's. */
function layersOf(key: ServiceKey, { environment }: MarketPrismSettings): NonNullable<ServiceSpec["files"]> {
  const layers = environment === "development" ? ["base", "development", "local"] : ["base", "production"];
  return layers.flatMap((layer) => {
    const path = join(__dirname, "config", key, `${layer}.yaml`);
    if (layer === "local" && !existsSync(path)) return [];
    const target = layer === "production" ? environment : layer;
    return [{ path: `${configFolder}/${target}.yaml`, content: readFileSync(path, "utf8") }];
  });
}
