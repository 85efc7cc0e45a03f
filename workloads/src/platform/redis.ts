import { type CommonRedisOptions, Redis } from "ioredis";
import { describeError } from "./describe-error.ts";
import type { Logger } from "./logger.ts";

export type { Redis } from "ioredis";

/** How a connection is used. A blocking one waits for messages, so a long silence is normal there. */
export type RedisUse = "commands" | "blocking" | "subscriber";

const perUse: Readonly<Record<RedisUse, Pick<CommonRedisOptions, "commandTimeout" | "socketTimeout">>> = {
  commands: { commandTimeout: 5_000 },
  blocking: { socketTimeout: 10_000 },
  subscriber: {},
};

/**
 * Connects, and reconnects for ever; the log tells when the connection is lost and when it is back, not each attempt.
 * A command fails at once while there is no connection: whoever sent it knows best whether to try again.
 */
export function connectRedis(url: string, use: RedisUse, log: Logger): Redis {
  const redis = new Redis(url, {
    ...perUse[use],
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 6), 5_000),
  });
  let lost = false;
  redis.on("error", (error: unknown) => {
    if (!lost) {
      log.warn({ use, reason: describeError(error) }, "redis is not reachable, trying until it is");
    }
    lost = true;
  });
  redis.on("ready", () => {
    if (lost) {
      log.info({ use }, "redis is reachable again");
    }
    lost = false;
  });
  return redis;
}

/** Waits for the first connection, or for the signal. */
export function connected(redis: Redis, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (redis.status === "ready" || signal.aborted) {
    resolve();
  }
  redis.once("ready", () => resolve());
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}

/** Fails unless the server answers; at once when there is no connection to ask through. */
export async function checkRedis(redis: Redis): Promise<void> {
  if (redis.status !== "ready") {
    throw new Error(`not connected (${redis.status})`);
  }
  await redis.ping();
}

/** Says goodbye when there is somebody to hear it. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status === "ready") {
    await redis.quit().catch(() => undefined);
  }
  redis.disconnect();
}
