import { Counter, Gauge } from "prom-client";
import { feedVariables, redisVariables, seedVariables } from "../config/variables.ts";
import { createFeed } from "../domain/feed.ts";
import { every } from "../platform/retry.ts";
import { countLivePrices, writePrices } from "../store/prices.ts";
import { defineRole } from "./role.ts";

/** Feeds prices into Redis. Runs once only: two feeds would write two markets over each other. */
export const marketData = defineRole(
  "market-data",
  () => ({ ...redisVariables, ...feedVariables, ...seedVariables }),
  async ({ log, registry, signal, redis: connect, ready }, { REDIS_URL, SYMBOLS, SEED, TICK_MS, FEED }) => {
    const redis = connect("redis", REDIS_URL);
    const registers = [registry];
    const lastUpdate = new Gauge({
      name: "trading_last_price_update_timestamp",
      help: "When prices were last written to Redis, in seconds since 1970.",
      registers,
    });
    const updates = new Counter({
      name: "market_data_updates_total",
      help: "Prices written, by symbol.",
      labelNames: ["symbol"],
      registers,
    });
    const live = new Gauge({
      name: "market_data_live_symbols",
      help: "Symbols with a price that has not expired.",
      registers,
    });

    const feed = createFeed({ symbols: SYMBOLS, seed: SEED });
    log.info({ feed: FEED, symbols: SYMBOLS, seed: SEED, tickMs: TICK_MS }, "feeding prices");
    await ready();
    await every(
      TICK_MS,
      async () => {
        const quotes = feed.next(Date.now());
        await writePrices(redis, quotes);
        lastUpdate.set(Date.now() / 1_000);
        for (const { symbol } of quotes) {
          updates.inc({ symbol });
        }
        live.set(await countLivePrices(redis));
      },
      { signal, log, what: "writing prices" },
    );
  },
);
