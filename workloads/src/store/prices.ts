import { livePricesKey, priceChannel, priceKey, type Quote, quoteSchema } from "../domain/messages.ts";
import type { Redis } from "../platform/redis.ts";

/** A price that is older than this is no price any more. */
const priceTtlSeconds = 60;

/** Writes quotes for whoever looks them up, and tells them to whoever listens; both in one step. */
export async function writePrices(redis: Redis, quotes: readonly Quote[]): Promise<void> {
  const batch = redis.multi();
  for (const quote of quotes) {
    batch.hset(priceKey(quote.symbol), quote);
    batch.expire(priceKey(quote.symbol), priceTtlSeconds);
    batch.zadd(livePricesKey, quote.at, quote.symbol);
    batch.publish(priceChannel, JSON.stringify(quote));
  }
  batch.zremrangebyscore(livePricesKey, "-inf", Date.now() - priceTtlSeconds * 1_000);
  const results = await batch.exec();
  const failed = results?.find(([error]) => error !== null)?.[0];
  if (failed) {
    throw failed;
  }
}

export const countLivePrices = (redis: Redis): Promise<number> => redis.zcard(livePricesKey);

/** The last quote of a symbol, or undefined when there is none that is still valid. */
export async function readPrice(redis: Redis, symbol: string): Promise<Quote | undefined> {
  const fields = await redis.hgetall(priceKey(symbol));
  const numbers = Object.entries(fields).map(([name, value]) => [name, name === "symbol" ? value : Number(value)]);
  return quoteSchema.safeParse(Object.fromEntries(numbers)).data;
}
