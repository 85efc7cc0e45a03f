/** Where the strategy wants to be: long, short, or not yet known while it lacks history. */
export type Signal = "long" | "short" | "wait";

export interface StrategyOptions {
  /** Number of ticks in the quick and in the slow moving average. */
  readonly fastTicks: number;
  readonly slowTicks: number;
}

/** A moving-average crossover over one symbol: long while the quick average is above the slow one, short below it. */
export interface Strategy {
  update(price: number): Signal;
}

export function createStrategy({ fastTicks, slowTicks }: StrategyOptions): Strategy {
  const prices: number[] = [];
  let signal: Signal = "wait";
  return {
    update(price) {
      prices.push(price);
      if (prices.length > slowTicks) {
        prices.shift();
      }
      if (prices.length === slowTicks) {
        const difference = mean(prices.slice(-fastTicks)) - mean(prices);
        // Equal averages say nothing new: the last opinion stands.
        signal = difference > 0 ? "long" : difference < 0 ? "short" : signal;
      }
      return signal;
    },
  };
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The signed quantity to trade so that the position becomes the one that the signal asks for.
 * Zero when nothing is wanted, or when the change is smaller than half of the usual order:
 * prices move the value of a position all the time, and that alone is no reason to trade.
 */
export function tradeFor(signal: Signal, position: number, price: number, orderNotionalUsd: number): number {
  if (signal === "wait") {
    return 0;
  }
  const usual = orderNotionalUsd / price;
  const change = (signal === "long" ? usual : -usual) - position;
  return Math.abs(change) < usual / 2 ? 0 : roundTo(change, 8);
}

/** Rounds to a number of decimals, as exchanges and money columns do. */
export const roundTo = (value: number, decimals: number): number => Number(value.toFixed(decimals));
