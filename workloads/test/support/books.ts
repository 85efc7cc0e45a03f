import assert from "node:assert/strict";
import type { Pool } from "pg";
import { eventually } from "./eventually.ts";

/** The query for the number of fills. */
export const fills = "SELECT count(*) AS value FROM fills";

/** What the database says. */
export interface Books {
  /** The number that a query gives in its column `value`. */
  number(query: string): Promise<number>;
  /** Waits until the number is reached. */
  atLeast(query: string, expected: number): Promise<void>;
  /** Fails unless orders, fills and positions say the same, and no order is stuck or was placed while another one was on its way. */
  areRight(): Promise<void>;
}

const contradictions = `
  SELECT 'filled order without a fill' AS what, id::text FROM orders
    WHERE status = 'filled' AND id NOT IN (SELECT order_id FROM fills)
  UNION ALL
  SELECT 'fill of an order that is not filled', order_id::text FROM fills
    JOIN orders ON id = order_id WHERE status <> 'filled'
  UNION ALL
  SELECT 'position is not the sum of its fills', symbol FROM positions WHERE quantity <>
    (SELECT sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) FROM fills WHERE fills.symbol = positions.symbol)
  UNION ALL
  SELECT 'two orders for a symbol at once', one.symbol || ' ' || one.id || ' ' || two.id FROM orders one
    JOIN orders two ON two.symbol = one.symbol AND two.placed_at > one.placed_at AND two.placed_at < one.updated_at`;

const stuck = `SELECT count(*) AS value FROM orders
  WHERE status IN ('placed', 'approved') AND placed_at < now() - interval '8 s'`;

export function booksIn(pool: Pool): Books {
  const number = async (query: string): Promise<number> => Number((await pool.query(query)).rows[0]?.value);
  return {
    number,
    atLeast: (query, expected) =>
      eventually(async () => {
        const actual = await number(query);
        assert.ok(actual >= expected, `${query}: ${actual}, expected at least ${expected}`);
      }, 30_000),
    async areRight() {
      assert.deepEqual((await pool.query(contradictions)).rows, []);
      await eventually(async () => assert.equal(await number(stuck), 0), 20_000);
    },
  };
}
