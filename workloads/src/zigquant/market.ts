import { z } from "zod";
import { createFeed } from "../domain/feed.ts";

/** Gives the next price of one symbol. */
export type Market = () => Promise<number>;

const timeoutMs = 5_000;
const answerSchema = z.object({ price: z.coerce.number().positive() });

/** A market that walks at random from its seed. */
export function simulatedMarket(symbol: string, seed: number): Market {
  const feed = createFeed({ symbols: [symbol], seed });
  return () => {
    const [quote] = feed.next(Date.now());
    return quote === undefined ? Promise.reject(new Error(`no quote of ${symbol}`)) : Promise.resolve(quote.last);
  };
}

/** The market of an exchange that tells its last price by HTTP. */
export function liveMarket(symbol: string, priceUrl: string): Market {
  const url = new URL(priceUrl);
  url.searchParams.set("symbol", symbol);
  return async () => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) {
      throw new Error(`${url.host} answers ${answer.status}`);
    }
    return answerSchema.parse(await answer.json()).price;
  };
}
