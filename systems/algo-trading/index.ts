import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CatalogueBuilder, defineSystem } from "../../components/builder";
import { external } from "../../components/core/connect";
import type { SystemDefinition } from "../../components/core/system";
import { jobOf } from "../../components/monitoring/scrape";
import { highMemoryUsage } from "./alerts";
import { containerDashboard, postgresDashboard, redisDashboard } from "./dashboards";
import { marketData, orderExecution, riskManager, tradingBot } from "./services";
import type { AlgoTradingSettings } from "./settings";
import type { Surroundings } from "./workload";

/** A platform that trades by algorithm, with its stores, its monitoring and, for development, its consoles. */
export function algoTrading(settings: AlgoTradingSettings): SystemDefinition {
  return defineSystem("algo-trading", (system) => {
    const around = { system, settings, ...stores(system, settings), account: exchangeAccount(system, settings) };

    const bot = tradingBot(around, settings.loadBalancer ? 2 : 1);
    marketData(around);
    riskManager(around);
    orderExecution(around);

    exporters(system, around);
    monitoring(system, settings);
    if (settings.loadBalancer) system.loadBalancer("nginx", { backend: bot, hostPort: 8000 });
    if (settings.development) consoles(system, around);
  });
}

type Stores = Pick<Surroundings, "database" | "prices" | "messages">;

function stores(system: CatalogueBuilder, { development }: AlgoTradingSettings): Stores {
  return {
    database: system.postgres("postgres", {
      user: "trader",
      database,
      initScripts: initScripts(),
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

function exporters(system: CatalogueBuilder, { database: server, prices, messages }: Stores): void {
  const ofDatabase = system.postgresExporter("postgres-exporter", server);
  const ofRedis = [
    system.redisExporter("redis-exporter", prices),
    system.redisExporter("redis-streams-exporter", messages),
  ];
  ofDatabase.dashboard(postgresDashboard(jobOf(ofDatabase.name), database));
  ofRedis[0]?.dashboard(redisDashboard(ofRedis.map(({ name }) => jobOf(name))));
  system.nodeExporter();
  system.cadvisor().alerts(highMemoryUsage).dashboard(containerDashboard());
}

function monitoring(system: CatalogueBuilder, { retentionDays, alertWebhook }: AlgoTradingSettings): void {
  const { alertmanager } = system.monitoring({
    retentionDays,
    rules: { group: "trading_alerts", file: "trading" },
    ...(alertWebhook === undefined ? {} : { receiver: { webhook: { url: alertWebhook } } }),
  });
  if (alertWebhook === undefined) return;
  const { protocol, hostname, port } = new URL(alertWebhook);
  alertmanager.reaches(external(hostname, port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)));
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
