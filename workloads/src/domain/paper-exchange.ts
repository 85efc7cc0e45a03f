import type { Fill, Order, Quote } from "./messages.ts";
import { createRandom, seedFrom } from "./random.ts";

export interface PaperExchangeOptions {
  readonly seed: number;
  /** Share of orders that the exchange refuses, 0 to 1. */
  readonly rejectRate: number;
}

const feeRate = 0.0001;
const maxSlippage = 0.0001;
const minLatencyMs = 20;
const maxLatencyMs = 120;

export type Execution =
  | { readonly filled: true; readonly latencyMs: number; readonly price: number; readonly fee: number }
  | { readonly filled: false; readonly latencyMs: number; readonly reason: string };

/**
 * Executes an order against a quote as a market order: the far side of the spread, and up to a basis point worse.
 * The outcome depends on the seed and on the order's id alone, so an order that is tried again ends as it would have.
 */
export function execute(order: Order, quote: Quote | undefined, { seed, rejectRate }: PaperExchangeOptions): Execution {
  const random = createRandom(seedFrom(seed, order.id));
  const latencyMs = minLatencyMs + random() * (maxLatencyMs - minLatencyMs);
  if (quote === undefined) {
    return { filled: false, latencyMs, reason: `no-market: no live price for ${order.symbol}` };
  }
  if (random() < rejectRate) {
    return { filled: false, latencyMs, reason: "no-counterparty: the exchange found no counterparty" };
  }
  const slippage = random() * maxSlippage;
  const price = order.side === "buy" ? quote.ask * (1 + slippage) : quote.bid * (1 - slippage);
  return { filled: true, latencyMs, price, fee: price * order.quantity * feeRate };
}

/** The fill that belongs to a successful execution. */
export const fillOf = (order: Order, done: Extract<Execution, { filled: true }>, executedAt: number): Fill => ({
  orderId: order.id,
  symbol: order.symbol,
  side: order.side,
  quantity: order.quantity,
  price: done.price,
  fee: done.fee,
  latencyMs: done.latencyMs,
  executedAt,
});
