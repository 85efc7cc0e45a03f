import type { CatalogueBuilder } from "../../components/builder";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { ServiceSpec } from "../../components/core/spec";
import { processMetrics } from "../../components/monitoring/process-metrics";
import { running, workloadsImage } from "../workloads";
import type { TradeMasterSettings } from "./settings";
import { howMany, sizeOf, threadVariables } from "./sizes";

/** What the applications of the system find around them. */
export interface Surroundings {
  readonly system: CatalogueBuilder;
  readonly settings: TradeMasterSettings;
  readonly database: ServiceHandle;
  readonly cache: ServiceHandle;
}

const dataFolder = "/app/data";
const logFolder = "/app/logs";

/** What every application measures of itself. */
const measured = ["trademaster_memory_usage_bytes", "trademaster_cpu_usage_percent", "trademaster_disk_usage_percent"];

/** Shows people what is held. */
export function web(around: Surroundings): ServiceHandle {
  return workload(around, "web", { port: 8080, hostNumber: 8080, metrics: [] });
}

/** Takes orders, from who has a token. */
export function api(around: Surroundings): ServiceHandle {
  const { system } = around;
  return workload(around, "api", {
    port: 5000,
    hostNumber: 5001,
    metrics: [],
    env: {
      API_SECRET_KEY_FILE: system.secretFile(
        "api",
        "api_key",
        system.secret("api-secret-key", { generated: { length: 64 } }),
      ),
      JWT_SECRET_FILE: system.secretFile(
        "api",
        "jwt_secret",
        system.secret("jwt-secret", { generated: { length: 32 } }),
      ),
    },
  });
}

/** Trades, and predicts; what it has at hand is on a volume of each one's own. */
export function worker(around: Surroundings): ServiceHandle {
  const { seed } = around.settings;
  return workload(around, "worker", {
    port: 8080,
    env: seed === undefined ? {} : { SEED: String(seed) },
    spec: { kind: "stateful", volumes: { data: { path: dataFolder, sizeMiB: 1024 } } },
    metrics: [
      "trademaster_trade_requests_total",
      "trademaster_trade_duration_seconds_bucket",
      "trademaster_trade_duration_seconds_count",
      "trademaster_trade_duration_seconds_sum",
      "trademaster_active_positions",
      "trademaster_portfolio_value",
      "trademaster_model_predictions_total",
      "trademaster_model_accuracy",
    ],
  });
}

interface WorkloadOptions {
  readonly port: number;
  /** Port on the host, for one that is alone. @default - none */
  readonly hostNumber?: number;
  readonly env?: ServiceSpec["env"];
  readonly spec?: Pick<ServiceSpec, "kind" | "volumes">;
  /** Names of metrics beside those that all have. */
  readonly metrics: readonly string[];
}

/** One of the applications: all are the same image, told their role by an argument, and confined alike. */
function workload(around: Surroundings, name: "web" | "api" | "worker", options: WorkloadOptions): ServiceHandle {
  const { system, settings, database, cache } = around;
  const { port, hostNumber, env = {}, spec = {}, metrics } = options;
  const { environment, hotReload, connectionsEach, cacheSeconds, symbols } = settings;
  const size = sizeOf(settings);
  const alone = environment === "development";
  const development = alone && hotReload;
  const { volumes = {}, ...kind } = spec;
  const logs = logging(settings, name);
  const handle = system.service(name, {
    ...kind,
    ...howMany[environment][name],
    image: workloadsImage,
    ...running(["node", "src/main.ts", `trademaster-${name}`], { development }),
    ports: {
      http: { number: port, ...(alone && hostNumber !== undefined ? { exposure: "loopback", hostNumber } : {}) },
      metrics: { number: 8000 },
    },
    env: {
      PORT: String(port),
      METRICS_PORT: "8000",
      ROLE: name === "worker" ? "worker" : "application",
      ENVIRONMENT: environment,
      DATA_DIR: dataFolder,
      DATABASE_MAX_CONNECTIONS: String(connectionsEach),
      DATABASE_CONNECTION_TIMEOUT: "30",
      CACHE_TTL_SECONDS: String(cacheSeconds),
      SYMBOLS: symbols.join(","),
      LOG_LEVEL: settings.logLevel ?? (environment === "production" ? "info" : "debug"),
      LOG_LAYOUT: "full",
      ...threadVariables(size),
      ...logs.env,
      ...env,
    },
    volumes: { ...volumes, ...logs.volumes },
    scratch: {
      tmp: { path: "/tmp", sizeMiB: 100 },
      vartmp: { path: "/var/tmp", sizeMiB: 50 },
      cache: { path: "/app/cache", sizeMiB: 64 },
      ...(Object.values(volumes).some(({ path }) => path === dataFolder)
        ? {}
        : { data: { path: dataFolder, sizeMiB: 64 } }),
      ...logs.scratch,
    },
    security: { user: 1000, group: 1000 },
    resources: { ...size, pids: 1000 },
    probes: health,
    update: { parallelism: 2, pauseSeconds: 10, onFailure: "rollback" },
    kernel: settings.networkBuffers ? { sysctls: networkBuffers } : {},
    provides: { http: { port: "http", scheme: "http" } },
  });
  return handle
    .connectsTo(database, {
      env: ({ url }) => ({ DATABASE_URL_FILE: system.secretFile(name, "database_url", url) }),
    })
    .connectsTo(cache, { env: ({ url }) => ({ REDIS_URL_FILE: system.secretFile(name, "redis_url", url) }) })
    .metricsOn("metrics", { names: [...processMetrics, ...measured, ...metrics] });
}

const timing = { periodSeconds: 30, timeoutSeconds: 10, failures: 3 };

/** Ready when the stores answer; alive as long as it answers itself, since a restart mends nobody else. */
const health: ServiceSpec["probes"] = {
  ready: { http: { port: "http", path: "/health" }, ...timing },
  live: { http: { port: "http", path: "/live" }, ...timing },
  startupSeconds: 60,
};

/** The two sizes of buffers that are a container's own; those of sockets in general are the node's. */
const networkBuffers = {
  "net.ipv4.tcp_rmem": "4096 87380 134217728",
  "net.ipv4.tcp_wmem": "4096 65536 134217728",
};

interface Logging extends Pick<ServiceSpec, "volumes" | "scratch"> {
  readonly env: Readonly<Record<string, string>>;
}

/** Copies of the log: on a volume where there is one of each service, in memory and much smaller where replicas would share it. */
function logging({ logTo, environment }: TradeMasterSettings, name: string): Logging {
  if (logTo === "stdout") return { env: {} };
  const files = { LOG_FILE: `${logFolder}/${name}.log`, LOG_ERROR_FILE: `${logFolder}/${name}_error.log` };
  if (environment !== "development")
    return {
      env: { ...files, LOG_FILE_MIB: "4", LOG_FILES_OLDER: "5" },
      scratch: { logs: { path: logFolder, sizeMiB: 64 } },
    };
  return {
    env: { ...files, LOG_FILE_MIB: "100", LOG_FILES_OLDER: "9" },
    volumes: { logs: { path: logFolder, sizeMiB: 2_048 } },
  };
}
