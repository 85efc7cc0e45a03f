import type { CatalogueBuilder } from "../../components/builder";
import { external } from "../../components/core/connect";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { ServiceSpec } from "../../components/core/spec";
import { processMetrics } from "../../components/monitoring/process-metrics";
import { running, workloadsImage } from "../workloads";
import type { ZigQuantSettings } from "./settings";

const port = 8080;
const dataFolder = "/var/lib/zigquant";
const configPath = "/etc/zigquant/config.json";
const logFolder = "/var/log/zigquant";
const compileCache = "/app/zig-cache";

/** Trades and tells of it. Two of it would trade twice from one ledger, so that one ends before the next begins. */
export function zigQuant(system: CatalogueBuilder, settings: ZigQuantSettings): ServiceHandle {
  const { development, profile, logTo } = settings;
  const { files, hostMounts, ...program } = programOf(settings);
  const api = system.service("zigquant", {
    singleton: true,
    ...program,
    ports: { http: { number: port, exposure: settings.public ? "public" : "loopback" } },
    env: {
      ...environment(settings),
      API_KEY_FILE: system.secretFile("zigquant", "api_key", system.secret("api-key")),
      JWT_SECRET_FILE: system.secretFile("zigquant", "jwt_secret", system.secret("jwt-secret")),
      ...(development ? { NODE_COMPILE_CACHE: compileCache } : {}),
    },
    files: [{ path: configPath, content: `${JSON.stringify(configuration(settings), null, 2)}\n` }, ...files],
    hostMounts,
    volumes: {
      data: { path: dataFolder, sizeMiB: 1024 },
      ...(logTo === "file" ? { logs: { path: logFolder, sizeMiB: 64 } } : {}),
      ...(development ? { compiled: { path: compileCache, sizeMiB: 256 } } : {}),
    },
    scratch: { tmp: { path: "/tmp", sizeMiB: 64 }, cache: { path: `${dataFolder}/cache`, sizeMiB: 64 } },
    security: { user: 1000, group: 1000 },
    resources: resources[profile],
    probes: probes(settings),
    update: { order: "stopFirst" },
    logging: { maxSizeMiB: 50, maxFiles: 5, compress: true },
  });
  if (settings.exchange === "live") api.reaches(external(settings.exchangeHost, 443));
  return api.metricsOn("http", {
    intervalSeconds: 10,
    timeoutSeconds: 5,
    names: [
      ...processMetrics,
      "zigquant_trades_total",
      "zigquant_win_rate",
      "zigquant_api_latency_seconds_bucket",
      "zigquant_api_latency_seconds_count",
      "zigquant_api_latency_seconds_sum",
    ],
  });
}

const resources = {
  small: { cpuMillis: { limit: 1000 }, memoryMiB: { limit: 256 } },
  full: { cpuMillis: { request: 1000, limit: 4000 }, memoryMiB: { request: 256, limit: 1024 } },
} satisfies Record<ZigQuantSettings["profile"], ServiceSpec["resources"]>;

/** A release brings its own program; in development it is the sources that run, whatever release is named. */
function programOf(settings: ZigQuantSettings): Pick<ServiceSpec, "image"> & ReturnType<typeof running> {
  const { release, development, logTo } = settings;
  const logFile = logTo === "file" ? ["--log-file", `${logFolder}/app.log`] : [];
  const serve = ["serve", "--config", configPath, ...logFile];
  if (release !== undefined && !development) return { image: release, args: serve, files: [], hostMounts: [] };
  return { image: workloadsImage, ...running(["node", "src/main.ts", "zigquant", ...serve], settings) };
}

function environment({ development, logLevel }: ZigQuantSettings): Record<string, string> {
  return {
    CONFIG_PATH: configPath,
    ENVIRONMENT: development ? "development" : "production",
    ZIGQUANT_API_PORT: String(port),
    ZIGQUANT_LOG_LEVEL: logLevel ?? (development ? "debug" : "info"),
  };
}

function configuration({ symbol, seed, exchange, exchangeHost }: ZigQuantSettings): object {
  return {
    api: { port },
    symbol,
    dataDir: dataFolder,
    ...(seed === undefined ? {} : { seed }),
    ...(exchange === "live" ? { priceUrl: `https://${exchangeHost}/api/v3/ticker/price` } : {}),
  };
}

/** In development a program that waits for its first price is up; elsewhere it takes requests only with all its checks well. */
function probes({ development }: ZigQuantSettings): NonNullable<ServiceSpec["probes"]> {
  const timing = { periodSeconds: 30, timeoutSeconds: 3, failures: 3 };
  return {
    live: { http: { port: "http", path: "/health" }, ...timing },
    ...(development ? {} : { ready: { http: { port: "http", path: "/ready" }, ...timing } }),
    startupSeconds: 5,
  };
}
