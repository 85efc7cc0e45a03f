import type { App } from "../platform/app.ts";
import type { Pool } from "../platform/postgres.ts";
import { every } from "../platform/retry.ts";
import { type Cache, createCache, keyOf } from "./cache.ts";
import { refreshMs, systemGauges } from "./metrics.ts";
import { serveMetrics } from "./metrics-port.ts";
import type { SharedConfig } from "./variables.ts";

/** What all three roles stand on. */
export interface Ground {
  readonly pool: Pool;
  readonly cache: Cache;
  /** Measures the process until the signal. */
  measured(): Promise<void>;
}

export const positionsKey = keyOf("positions");

export async function prepareGround(app: App, config: SharedConfig): Promise<Ground> {
  const { registry, signal, log } = app;
  const pool = app.postgres(config.DATABASE_URL, {
    maxConnections: config.DATABASE_MAX_CONNECTIONS,
    connectMs: config.DATABASE_CONNECTION_TIMEOUT * 1_000,
  });
  const cache = createCache(app.redis("redis", config.REDIS_URL), config.CACHE_TTL_SECONDS);
  const gauges = systemGauges(registry, config.DATA_DIR);
  await serveMetrics(app, config.METRICS_PORT);
  return {
    pool,
    cache,
    measured: () => every(refreshMs, () => gauges.refresh(signal), { signal, log, what: "measuring" }),
  };
}
