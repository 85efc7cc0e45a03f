import type { Quote } from "./messages.ts";
import { createRandom, gaussian, type Random, seedFrom } from "./random.ts";

/** Prices that the well-known pairs start from, in USD; any other symbol starts at `fallbackPrice`. */
const openingPrices: Readonly<Record<string, number>> = { BTCUSDT: 60_000, ETHUSDT: 3_000, SOLUSDT: 150 };
const fallbackPrice = 100;

/** Standard deviation of the return from one tick to the next. */
const volatility = 0.0005;

/**
 * Prices trend a little, or no strategy could earn what its trades cost: each tick keeps most of the last one's drift.
 * With these figures the bot's account stays about level over the days, with gains and drawdowns on the way.
 */
const driftKept = 0.98;
const driftShare = 0.15;

const halfSpread = 0.00005;

export interface FeedOptions {
  readonly symbols: readonly string[];
  readonly seed: number;
}

/** A simulated market: each symbol walks at random, geometrically and on its own. */
export interface Feed {
  /** Advances every symbol by one tick and gives the quotes, in the order of the symbols. */
  next(at: number): Quote[];
}

/** The same seed and symbols give the same prices; a symbol's walk does not depend on its neighbours. */
export function createFeed({ symbols, seed }: FeedOptions): Feed {
  const walks = symbols.map((symbol) => createWalk(symbol, createRandom(seedFrom(seed, symbol))));
  return { next: (at) => walks.map((step) => step(at)) };
}

function createWalk(symbol: string, random: Random): (at: number) => Quote {
  let last = openingPrices[symbol] ?? fallbackPrice;
  let drift = 0;
  let volume = 0;
  return (at) => {
    drift = driftKept * drift + Math.sqrt(1 - driftKept ** 2) * driftShare * volatility * gaussian(random);
    last *= Math.exp(drift + volatility * gaussian(random) - volatility ** 2 / 2);
    volume += random();
    return { symbol, bid: last * (1 - halfSpread), ask: last * (1 + halfSpread), last, volume, at };
  };
}

/** What it costs to buy and sell at once, in USD per unit. */
export const spread = ({ bid, ask }: Quote): number => ask - bid;
