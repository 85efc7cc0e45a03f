import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CatalogueBuilder, defineSystem } from "../../components/builder";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { SystemDefinition } from "../../components/core/system";
import { highMemoryUsage } from "../../components/monitoring/rules/containers";
import { containerDashboard, pnlDashboard, postgresDashboard, redisDashboard } from "./dashboards";
import { marketData, orderExecution, riskManager, tradingBot } from "./services";
import type { AlgoTradingSettings } from "./settings";
import type { Surroundings } from "./workload";

/** A platform that trades by algorithm, with its stores, its monitoring and, for development, its consoles. */
export function algoTrading(settings: AlgoTradingSettings): SystemDefinition {
  return defineSystem("algo-trading", (system) => {
    const around = { system, settings, ...stores(system, settings), account: exchangeAccount(system, settings) };

    const bot = tradingBot(around);
    system.dashboard(pnlDashboard);
    marketData(around);
    riskManager(around);
    orderExecution(around);

    exporters(system, around);
    monitoring(system, settings);
    if (settings.loadBalancer) front(system, settings, bot);
    if (settings.development) consoles(system, around);
  });
}

type Stores = Pick<Surroundings, "database" | "prices" | "messages">;

function stores(system: CatalogueBuilder, { development, profile }: AlgoTradingSettings): Stores {
  return {
    database: system.postgres("postgres", {
      user: "trader",
      database,
      initScripts: initScripts(),
      memoryMiB: profile === "full" ? 2048 : 1024,
      hostPort: development ? 5432 : undefined,
    }),
    prices: system.redis("redis", { whenFull: "allkeys-lru", hostPort: development ? 6379 : undefined }),
    // A cache that is full forgets; an order must not be forgotten, so messages have a server of their own.
    messages: system.redis("redis-streams", { whenFull: "noeviction" }),
  };
}

/** On paper any keys will do, but the applications sign with them all the same. */
function exchangeAccount(system: CatalogueBuilder, { exchange }: AlgoTradingSettings): Surroundings["account"] {
  const live = exchange === "live";
  return {
    key: system.secret("exchange-api-key", live ? { config: "exchangeApiKey" } : { generated: {} }),
    secret: system.secret("exchange-api-secret", live ? { config: "exchangeApiSecret" } : { generated: {} }),
  };
}

/** The only way in for other machines. It does not pass on the metrics, which say what the account is worth. */
function front(system: CatalogueBuilder, settings: AlgoTradingSettings, backend: ServiceHandle): void {
  system.loadBalancer("nginx", { backend, hostPort: 8000, public: settings.public, hidden: ["/metrics"] });
}

function exporters(system: CatalogueBuilder, { database: server, prices, messages, settings }: Surroundings): void {
  system.postgresExporter("postgres-exporter", server).dashboard(postgresDashboard(database));
  system.redisExporter("redis-exporter", prices).dashboard(redisDashboard());
  system.redisExporter("redis-streams-exporter", messages);
  if (!settings.hostAgents) return;
  system.nodeExporter();
  system.cadvisor().alerts(highMemoryUsage).dashboard(containerDashboard());
}

function monitoring(system: CatalogueBuilder, { retentionDays, alerting }: AlgoTradingSettings): void {
  system.monitoring({ retentionDays, rules: { group: "trading_alerts", file: "trading" }, ...alerting });
}

function consoles(system: CatalogueBuilder, { database: server, prices, messages }: Stores): void {
  system.adminer("adminer", { database: server, hostPort: 8081 });
  system.redisCommander("redis-commander", { servers: { local: prices, streams: messages }, hostPort: 8082 });
}

const database = "trading";

/** The SQL that makes the tables, in the order of the names of its files. */
function initScripts(): Readonly<Record<string, string>> {
  const folder = join(__dirname, "../../workloads/sql");
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
