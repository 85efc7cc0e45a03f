import type { App, MessageServer } from "../platform/app.ts";
import type { Redis } from "../platform/redis.ts";

interface MessageConfig {
  readonly REDIS_URL: string;
  readonly MESSAGES_REDIS_URL?: string | undefined;
}

/** Connects to where prices and where streams are: the same server unless the configuration names two. */
export function connectMessages(
  app: App,
  { REDIS_URL, MESSAGES_REDIS_URL: url }: MessageConfig,
): { readonly prices: Redis; readonly messages: MessageServer } {
  const prices = app.redis("redis", REDIS_URL);
  const messages = url === undefined ? { redis: prices, url: REDIS_URL } : { redis: app.redis("messages", url), url };
  return { prices, messages };
}
