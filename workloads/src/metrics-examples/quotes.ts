import { createRandom, gaussian, seedFrom } from "../domain/random.ts";
import { roundTo } from "../domain/strategy.ts";

/** What a share cost at one turn of the clock. */
export interface Quote {
  readonly ticker: string;
  readonly price: number;
  /** When the turn began, in seconds since 1970: the same for all who ask in it. */
  readonly at: number;
  /** Who says so: `MOEX`, or `simulated`. */
  readonly exchange: string;
}

/** Prices that the simulation moves around, in rubles; any other share begins at `fallbackPrice`. */
const basePrices: Readonly<Record<string, number>> = { SBER: 300, SBERP: 298, GAZP: 130 };
const fallbackPrice = 100;
const swing = 0.03;
const swingSeconds = 3_600;
const jitter = 0.001;

/** The turn that a moment lies in. */
export const turnOf = (atMs: number, intervalSeconds: number): number =>
  Math.floor(atMs / 1_000 / intervalSeconds) * intervalSeconds;

/** A price that follows from seed, share and turn alone, so that programs that know nothing of each other see the same. */
export function simulatedQuote(ticker: string, seed: number, at: number): Quote {
  const phase = createRandom(seedFrom(seed, ticker))() * 2 * Math.PI;
  const wave = 1 + swing * Math.sin((2 * Math.PI * at) / swingSeconds + phase);
  const noise = 1 + jitter * gaussian(createRandom(seedFrom(seed, ticker, at)));
  const price = roundTo((basePrices[ticker] ?? fallbackPrice) * wave * noise, 2);
  return { ticker, price, at, exchange: "simulated" };
}
