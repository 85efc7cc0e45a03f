import { createStrategy, type Signal } from "../domain/strategy.ts";

/** Predicts whether the next price is higher or lower, and learns whether it was right. */
export interface Model {
  readonly name: string;
  /** Takes the next price of a symbol; gives the new signal, and whether the last prediction came true if there was one. */
  tell(symbol: string, price: number): { readonly signal: Signal; readonly wasRight?: boolean };
}

/** A moving average predicts that things go on as they do. */
export function movingAverage(name: string, fastTicks: number, slowTicks: number): Model {
  const known = new Map<string, { strategy: ReturnType<typeof createStrategy>; price: number; signal: Signal }>();
  return {
    name,
    tell(symbol, price) {
      const last = known.get(symbol);
      const strategy = last?.strategy ?? createStrategy({ fastTicks, slowTicks });
      const signal = strategy.update(price);
      known.set(symbol, { strategy, price, signal });
      if (last === undefined || last.signal === "wait" || price === last.price) {
        return { signal };
      }
      return { signal, wasRight: price > last.price === (last.signal === "long") };
    },
  };
}
