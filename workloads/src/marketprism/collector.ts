import { feedVariables, redisVariables, seedVariables } from "../config/variables.ts";
import { createFeed } from "../domain/feed.ts";
import { describeError } from "../platform/describe-error.ts";
import { checkRedis } from "../platform/redis.ts";
import { every } from "../platform/retry.ts";
import { connectBroker } from "./broker.ts";
import { pingClickHouse } from "./clickhouse.ts";
import { brokerSink, createCollect, redisCache } from "./collect.ts";
import { defineService } from "./service.ts";
import { clickhouseVariables, natsVariables, upstreamVariables } from "./variables.ts";

/**
 * Sees prices and publishes them. Several may run: a price belongs to a slot of time, and the broker keeps the first of
 * each, so that others only fill in for one that is away.
 */
export const collector = defineService(
  "marketprism-collector",
  {
    ...feedVariables,
    ...seedVariables,
    ...redisVariables,
    ...natsVariables,
    CLICKHOUSE_URL: clickhouseVariables.CLICKHOUSE_URL,
    STORAGE_URL: upstreamVariables.STORAGE_URL.optional(),
  },
  async (service, config) => {
    const { app, http, dependsOn, route } = service;
    const { log, signal } = app;
    const redis = app.extraRedis(config.REDIS_URL, "commands");
    dependsOn("clickhouse", "optional", () => pingClickHouse(http, config));
    if (config.STORAGE_URL !== undefined) {
      const alive = new URL("/live", config.STORAGE_URL).href;
      dependsOn("storage", "optional", async () => {
        await http.ask(alive);
      });
    }
    dependsOn("redis", "required", () => checkRedis(redis));
    const broker = await connectBroker(service, config);
    if (broker === undefined) {
      return;
    }

    const collect = createCollect(app, {
      slotMs: config.TICK_MS,
      sink: brokerSink(broker, 2_000),
      cache: redisCache(redis),
      breaker: http.breaker("nats"),
    });
    const seen = { ticks: 0, failed: 0 };
    route("GET /status", () => ({ status: 200, body: { symbols: config.SYMBOLS, instance: app.instance, ...seen } }));

    const feed = createFeed({ symbols: config.SYMBOLS, seed: config.SEED });
    log.info({ symbols: config.SYMBOLS, tickMs: config.TICK_MS }, "collecting");
    await app.ready();
    await every(
      config.TICK_MS,
      async () => {
        const outcomes = await Promise.allSettled(feed.next(Date.now()).map(collect));
        const failed = outcomes.filter((outcome) => outcome.status === "rejected");
        seen.ticks += outcomes.length - failed.length;
        seen.failed += failed.length;
        if (failed[0] !== undefined) {
          throw new Error(`${failed.length} of ${outcomes.length} ticks are lost: ${describeError(failed[0].reason)}`);
        }
      },
      { signal, log, what: "collecting" },
    );
    await broker.close();
  },
);
