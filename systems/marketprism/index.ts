import { type CatalogueBuilder, defineSystem } from "../../components/builder";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { SystemDefinition } from "../../components/core/system";
import { servicesDashboard } from "./dashboards";
import { collector, gateway, monitoringService, scheduler, storage } from "./services";
import type { MarketPrismSettings, UpstreamKey } from "./settings";
import { account, type Surroundings, type Upstream } from "./surroundings";

/** Collects prices, keeps them and gives them out: services that are developed, released and scaled each by itself. */
export function marketPrism(settings: MarketPrismSettings): SystemDefinition {
  return defineSystem("marketprism", (system) => {
    const around = new Around(system, settings);
    const own: ServiceHandle[] = [];
    const broker = settings.room === "A" ? undefined : brokerOf(system, settings, around);
    if (settings.room !== "B") own.push(...business(system, around));
    if (settings.room !== "A") own.push(scheduler(around));
    if (broker !== undefined) own.push(monitoringService(around, broker, [...own]));
    own[0]?.dashboard(servicesDashboard());
    system.monitoring({ retentionDays: settings.retentionDays, ...settings.alerting });
  });
}

/** What is known so far of the places that services reach. */
class Around implements Surroundings {
  readonly system: CatalogueBuilder;
  readonly settings: MarketPrismSettings;
  readonly upstreams: Partial<Record<UpstreamKey, Upstream>> = {};

  constructor(system: CatalogueBuilder, settings: MarketPrismSettings) {
    this.system = system;
    this.settings = settings;
    for (const [key, elsewhere] of Object.entries(settings.upstreams) as [UpstreamKey, string | undefined][])
      if (elsewhere !== undefined) this.upstreams[key] = { elsewhere, password: this.#passwordOf(key) };
  }

  /** Has something beside the services, unless the settings say that it is elsewhere. */
  provide(key: UpstreamKey, make: () => Extract<Upstream, { beside: unknown }>["beside"]): void {
    this.upstreams[key] ??= { beside: make() };
  }

  #passwordOf(key: UpstreamKey) {
    if (key === "collector" || key === "storage") return undefined;
    return this.system.secret(`${key}-password`, { config: `${key}Password` });
  }
}

/** The broker is in room B; room A and single services know it by its address. */
function brokerOf(system: CatalogueBuilder, settings: MarketPrismSettings, around: Around): ServiceHandle | undefined {
  if (settings.upstreams.nats !== undefined) return undefined;
  const broker = system.nats("message-broker-service", {
    user: account,
    aliases: ["message-broker"],
    hostPorts: {
      client: { hostPort: 4222, public: settings.public.includes("broker") },
      monitor: { hostPort: 8222 },
    },
  });
  around.provide("nats", () => broker.endpoint("client"));
  return broker;
}

/** Room A, in the order in which it starts. */
function business(system: CatalogueBuilder, around: Around): readonly ServiceHandle[] {
  const { profile } = around.settings;
  around.provide("clickhouse", () =>
    system.clickhouse("clickhouse", {
      user: account,
      aliases: ["data-storage"],
      memoryMiB: profile === "full" ? 4096 : 1024,
    }),
  );
  around.provide("redis", () =>
    system.redis("redis", { whenFull: "allkeys-lru", maxMemoryMiB: 64, withPassword: true }),
  );
  const store = storage(around);
  around.provide("storage", () => store);
  const source = collector(around);
  around.provide("collector", () => source);
  return [store, source, gateway(around)];
}
