import { z } from "zod";
import { type Pool, transaction } from "../platform/postgres.ts";

/** What may be ordered; a negative quantity sells. */
export const orderSchema = z.strictObject({
  symbol: z.string().regex(/^[A-Z][A-Z0-9.]{0,9}$/, "is no symbol"),
  quantity: z
    .number()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((quantity) => Math.abs(quantity) >= 0.0001, "is too little to trade"),
});

type Order = z.output<typeof orderSchema>;

/** Who wanted an order: a person, or a model. */
export type Method = "manual" | "model";

export async function placeOrder(pool: Pool, { symbol, quantity }: Order, method: Method): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    "INSERT INTO orders (symbol, quantity, method) VALUES ($1, $2, $3) RETURNING id",
    [symbol, quantity, method],
  );
  return rows[0]?.id ?? Promise.reject(new Error("the order was not written"));
}

export interface Trade {
  readonly id: string;
  readonly symbol: string;
  readonly quantity: number;
  readonly method: Method;
  readonly status: "success" | "failed";
  readonly price: number | null;
}

/**
 * Trades the order that has waited longest, or gives undefined when none waits. Of several workers each takes another one,
 * and an order whose worker dies waits for the next.
 */
export function tradeNext(pool: Pool, priceOf: (symbol: string) => number | undefined): Promise<Trade | undefined> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string; symbol: string; quantity: string; method: Method }>(
      "SELECT id, symbol, quantity, method FROM orders WHERE status = 'placed' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
    );
    const [order] = rows;
    if (order === undefined) {
      return undefined;
    }
    const price = priceOf(order.symbol) ?? null;
    const status = price === null ? "failed" : "success";
    await client.query("UPDATE orders SET status = $2, price = $3, traded_at = now() WHERE id = $1", [
      order.id,
      status,
      price,
    ]);
    return { ...order, quantity: Number(order.quantity), status, price };
  });
}

export interface Position {
  readonly symbol: string;
  readonly quantity: number;
  /** At the price of the last trade, in USD. */
  readonly value: number;
}

/** What is held of each symbol. */
export async function readPositions(pool: Pool): Promise<readonly Position[]> {
  const { rows } = await pool.query<{ symbol: string; quantity: string; value: string }>(
    `SELECT symbol, sum(quantity) AS quantity, sum(quantity) * (array_agg(price ORDER BY id DESC))[1] AS value
       FROM orders WHERE status = 'success' GROUP BY symbol HAVING sum(quantity) <> 0 ORDER BY symbol`,
  );
  return rows.map(({ symbol, quantity, value }) => ({ symbol, quantity: Number(quantity), value: Number(value) }));
}

/** The newest trades, up to a number. */
export async function readTrades(pool: Pool, limit: number): Promise<readonly object[]> {
  const { rows } = await pool.query<{ id: string; quantity: string; price: string | null }>(
    `SELECT id, symbol, quantity, method, status, price, traded_at AS "tradedAt"
       FROM orders WHERE status <> 'placed' ORDER BY id DESC LIMIT $1`,
    [limit],
  );
  return rows.map((row) => ({
    ...row,
    quantity: Number(row.quantity),
    price: row.price === null ? null : Number(row.price),
  }));
}
