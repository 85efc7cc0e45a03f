import { z } from "zod";

/** Redis names that the roles share: streams carry work, the channel and the keys carry prices. */
export const streams = {
  orders: "orders",
  approved: "orders.approved",
  rejected: "orders.rejected",
  fills: "fills",
} as const;

export const priceChannel = "prices";
export const livePricesKey = "prices:live";
export const priceKey = (symbol: string): string => `price:${symbol}`;

const usd = z.number().finite();
const positive = usd.positive();
const epochMs = z.int().nonnegative();

/** The state of one market at one moment. Prices in USD per unit, volume in units since the feed began. */
export const quoteSchema = z.object({
  symbol: z.string().min(1),
  bid: positive,
  ask: positive,
  last: positive,
  volume: usd.nonnegative(),
  at: epochMs,
});
export type Quote = z.output<typeof quoteSchema>;

export const sides = ["buy", "sell"] as const;
export type Side = (typeof sides)[number];

/** What the bot asks for. `referencePrice` is the price that it decided on, in USD. */
const orderSchema = z.object({
  id: z.uuid(),
  symbol: z.string().min(1),
  side: z.enum(sides),
  quantity: positive,
  referencePrice: positive,
  placedAt: epochMs,
});
export type Order = z.output<typeof orderSchema>;

/** An order as it travels: signed with the account's key, as an exchange would demand. */
export const signedOrderSchema = orderSchema.extend({ apiKey: z.string().min(1), signature: z.string().min(1) });
export type SignedOrder = z.output<typeof signedOrderSchema>;

/** A refused order. The reason begins with the name of the rule that refused it. */
export const rejectionSchema = z.object({ orderId: z.uuid(), reason: z.string().min(1) });
type Rejection = z.output<typeof rejectionSchema>;

/** An executed order. Price in USD per unit, fee in USD, latency in milliseconds at the exchange. */
export const fillSchema = z.object({
  orderId: z.uuid(),
  symbol: z.string().min(1),
  side: z.enum(sides),
  quantity: positive,
  price: positive,
  fee: usd.nonnegative(),
  latencyMs: usd.nonnegative(),
  executedAt: epochMs,
});
export type Fill = z.output<typeof fillSchema>;

/** What travels on which stream. */
export interface StreamMessages {
  readonly [streams.orders]: SignedOrder;
  readonly [streams.approved]: SignedOrder;
  readonly [streams.rejected]: Rejection;
  readonly [streams.fills]: Fill;
}

/** Quantity with its sign: what a trade on this side adds to a position. */
export const signed = (side: Side, quantity: number): number => (side === "buy" ? quantity : -quantity);
