import { randomUUID } from "node:crypto";
import { z } from "zod";
import { strategyVariables } from "../config/strategy-file.ts";
import {
  exchangeVariables,
  limitVariables,
  messageVariables,
  milliseconds,
  postgresVariables,
} from "../config/variables.ts";
import type { App } from "../platform/app.ts";
import { alwaysLeader, createLeaderLock, type LeaderLock } from "../platform/leader-lock.ts";
import type { Redis } from "../platform/redis.ts";
import { createRedisLockStore } from "../platform/redis-lock-store.ts";
import { pause } from "../platform/retry.ts";
import { connectMessages } from "./connections.ts";
import { defineRole } from "./role.ts";
import { createTradingMetrics } from "./trading-metrics.ts";
import { followPrices } from "./trading-signals.ts";
import { trade } from "./trading-term.ts";

const botVariables = {
  /** Whether replicas agree, through Redis, on the one that trades. */
  TRADING_LEADER_LOCK: z.stringbool({ error: "is not a yes or no; use true or false" }).default(false),
  /** Milliseconds from one record of the account's value to the next. */
  SNAPSHOT_MS: milliseconds(5_000),
};

const lockTtlMs = 9_000;
const leaderCheckMs = 200;

/** Trades on a moving-average crossover: places orders, books their fills, and says what the account is worth. */
export const tradingBot = defineRole(
  "trading-bot",
  (warn) => ({
    ...messageVariables,
    ...postgresVariables,
    ...exchangeVariables,
    ...limitVariables(warn),
    ...strategyVariables,
    ...botVariables,
  }),
  async (app, config) => {
    const pool = app.postgres(config.DATABASE_URL);
    const { messages } = connectMessages(app, config);
    const settings = config.CONFIG_DIR;
    const metrics = createTradingMetrics(app.registry);
    // A replica that stands by follows the prices too, so that it knows what to do the moment it leads.
    const signals = followPrices(app.extraRedis(config.REDIS_URL, "subscriber"), settings, app.log);

    const unlocking = new AbortController();
    const lock = config.TRADING_LEADER_LOCK ? redisLock(messages.redis, unlocking.signal) : alwaysLeader;
    app.log.info({ ...settings, leaderLock: config.TRADING_LEADER_LOCK }, "trading");
    await app.ready();

    await Promise.all([lock.run(), takeTurns(app, lock, term).then(() => unlocking.abort())]);

    function term(signal: AbortSignal): Promise<void> {
      return trade({
        app,
        pool,
        messages,
        signals,
        metrics,
        settings,
        signal,
        credentials: { apiKey: config.EXCHANGE_API_KEY, apiSecret: config.EXCHANGE_API_SECRET },
        orderNotionalUsd: settings.orderNotionalUsd ?? config.MAX_POSITION_SIZE / 10,
        snapshotMs: config.SNAPSHOT_MS,
        mayTrade: () => lock.isLeader() && !signal.aborted,
      });
    }
  },
);

/**
 * A lock of this very process: a restarted one has to wait for the old one's time to run out. It is kept with the messages,
 * because a full cache of prices might forget it.
 */
function redisLock(redis: Redis, signal: AbortSignal): LeaderLock {
  const store = createRedisLockStore(redis);
  return createLeaderLock(store, { key: "lock:trading-bot", owner: randomUUID(), ttlMs: lockTtlMs, signal });
}

/** Runs one term after the other: each begins when the lock is won and is ended when it is lost. */
async function takeTurns(
  { signal, log }: App,
  lock: LeaderLock,
  term: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    if (!lock.isLeader()) {
      await pause(leaderCheckMs, signal);
      continue;
    }
    log.info("leading from now on");
    const lost = new AbortController();
    const watch = setInterval(() => lock.isLeader() || lost.abort(), leaderCheckMs);
    await term(AbortSignal.any([signal, lost.signal]));
    clearInterval(watch);
    log.info("not leading any more");
  }
}
