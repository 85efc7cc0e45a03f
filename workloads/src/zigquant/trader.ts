import { createStrategy, type StrategyOptions, tradeFor } from "../domain/strategy.ts";
import type { Ledger } from "./ledger.ts";

/** Value of a position in the currency of the price. */
const notional = 1_000;

/** Turns prices into trades on paper, each of them in the ledger. */
export interface Trader {
  /** Tells the price, and says whether it led to a trade. */
  tell(price: number, at: number): boolean;
}

export function createTrader(options: StrategyOptions, ledger: Ledger): Trader {
  const strategy = createStrategy(options);
  let held: { readonly quantity: number; readonly price: number } | undefined;
  return {
    tell(price, at) {
      const quantity = tradeFor(strategy.update(price), held?.quantity ?? 0, price, notional);
      if (quantity === 0) {
        return false;
      }
      const profit = held === undefined ? {} : { profit: held.quantity * (price - held.price) };
      ledger.add({ at, side: quantity > 0 ? "buy" : "sell", price, quantity: Math.abs(quantity), ...profit });
      held = { quantity: (held?.quantity ?? 0) + quantity, price };
      return true;
    },
  };
}
