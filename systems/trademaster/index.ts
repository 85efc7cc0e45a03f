import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CatalogueBuilder, defineSystem } from "../../components/builder";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { SystemDefinition } from "../../components/core/system";
import { highMemoryUsage } from "../../components/monitoring/rules/containers";
import { modelAccuracyLow, tradeFailureRatio, usageAlerts } from "./alerts";
import { containerDashboard, postgresDashboard, redisDashboard, tradingDashboard } from "./dashboards";
import { api, type Surroundings, web, worker } from "./services";
import type { TradeMasterSettings } from "./settings";
import { databaseMiB, sizeOf } from "./sizes";

/** A web service, an API and workers in three tiers: nginx in front, PostgreSQL and Redis behind, and all of it confined. */
export function tradeMaster(settings: TradeMasterSettings): SystemDefinition {
  return defineSystem("trademaster", (system) => {
    const around = { system, settings, ...stores(system, settings) };
    const site = web(around);
    const orders = api(around);
    const { cpuMillis, memoryMiB } = sizeOf(settings);
    worker(around)
      .alerts(
        ...usageAlerts({ cores: cpuMillis.limit / 1_000, memoryMiB: memoryMiB.limit }),
        tradeFailureRatio,
        modelAccuracyLow,
      )
      .dashboard(tradingDashboard());
    front(system, settings, site, orders);
    exporters(system, around);
    system.monitoring({ retentionHours: settings.retentionHours, ...settings.alerting });
  });
}

function stores(system: CatalogueBuilder, settings: TradeMasterSettings): Pick<Surroundings, "database" | "cache"> {
  const isFull = settings.profile === "full";
  return {
    database: system.postgres("postgres", {
      version: 13,
      user: "trademaster",
      database: "trademaster",
      initScripts: { "01-schema.sql": schema },
      memoryMiB: databaseMiB(settings),
      storageMiB: isFull ? 65_536 : 2_048,
      tuning: { maxConnections: 200 },
    }),
    cache: system.redis("redis", {
      whenFull: "allkeys-lru",
      withPassword: true,
      maxMemoryMiB: isFull ? 256 : 64,
    }),
  };
}

const schema = readFileSync(join(__dirname, "../../workloads/sql/trademaster/01-schema.sql"), "utf8");

/** The only way in for other machines. It does not pass on the metrics, which have a port that it does not know. */
function front(
  system: CatalogueBuilder,
  { httpPort, public: isPublic, tls, trustedProxies }: TradeMasterSettings,
  site: ServiceHandle,
  orders: ServiceHandle,
): void {
  system.reverseProxy("nginx", {
    routes: [
      { path: "/", to: site.endpoint("http") },
      { path: "/api/", to: orders.endpoint("http") },
    ],
    healthPath: "/health",
    limit: { perSecond: 10, burst: 20 },
    trustedProxies,
    hostPort: httpPort,
    public: isPublic,
    ...(tls
      ? {
          tls: {
            certificate: system.secret("certificate", { config: "tradeMasterCertificate" }),
            key: system.secret("certificate-key", { config: "tradeMasterCertificateKey" }),
            hostPort: 8443,
            public: isPublic,
          },
        }
      : {}),
  });
}

function exporters(system: CatalogueBuilder, { database, cache, settings }: Surroundings): void {
  system.postgresExporter("postgres-exporter", database).dashboard(postgresDashboard());
  system.redisExporter("redis-exporter", cache).dashboard(redisDashboard());
  if (!settings.hostAgents) return;
  system.nodeExporter();
  system.cadvisor().alerts(highMemoryUsage).dashboard(containerDashboard());
}
