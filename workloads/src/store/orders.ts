import type { Fill, Order } from "../domain/messages.ts";
import type { Pool, PoolClient } from "../platform/postgres.ts";

type Database = Pool | PoolClient;

export type OrderStatus = "placed" | "approved" | "filled" | "rejected" | "expired";

/** Where an order stands; `reason` tells why it failed, if it did. */
export interface OrderState {
  readonly id: string;
  readonly status: OrderStatus;
  readonly reason: string | null;
}

const epochMs = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

const orderColumns = `id, symbol, side, quantity::float8, reference_price::float8 AS "referencePrice",
  ${epochMs("placed_at")} AS "placedAt"`;

const fillColumns = `order_id AS "orderId", symbol, side, quantity::float8, price::float8, fee::float8,
  latency_ms AS "latencyMs", ${epochMs("executed_at")} AS "executedAt"`;

export async function insertOrder(db: Database, order: Order): Promise<void> {
  await db.query(
    `INSERT INTO orders (id, symbol, side, quantity, reference_price, placed_at)
     VALUES ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))`,
    [order.id, order.symbol, order.side, order.quantity, order.referencePrice, order.placedAt],
  );
}

/** Moves an order on if it still is where it is thought to be; tells whether it was. */
export async function moveOrder(
  db: Database,
  id: string,
  from: readonly OrderStatus[],
  to: OrderStatus,
  reason?: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE orders SET status = $3, reason = $4, updated_at = now() WHERE id = $1 AND status = ANY ($2)",
    [id, from, to, reason ?? null],
  );
  return rowCount === 1;
}

export async function findOrder(db: Database, id: string): Promise<OrderState | undefined> {
  return (await findOrders(db, [id]))[0];
}

export async function findOrders(db: Database, ids: readonly string[]): Promise<OrderState[]> {
  const { rows } = await db.query<OrderState>("SELECT id, status, reason FROM orders WHERE id = ANY ($1)", [ids]);
  return rows;
}

/** Orders that are neither filled nor given up. */
export async function openOrders(db: Database): Promise<Order[]> {
  const { rows } = await db.query<Order>(
    `SELECT ${orderColumns} FROM orders WHERE status IN ('placed', 'approved') ORDER BY placed_at`,
  );
  return rows;
}

/**
 * Books a fill in one statement: the order, the fill and the position change together or not at all. Only an approved
 * order is filled, so the second attempt on the same order changes nothing and gives false.
 */
export async function settle(db: Database, fill: Fill): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH filled AS (
       UPDATE orders SET status = 'filled', updated_at = now() WHERE id = $1 AND status = 'approved' RETURNING id
     ), booked AS (
       INSERT INTO fills (order_id, symbol, side, quantity, price, fee, latency_ms, executed_at)
       SELECT id, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000) FROM filled
       RETURNING symbol, CASE side WHEN 'buy' THEN quantity ELSE -quantity END AS traded
     )
     INSERT INTO positions (symbol, quantity) SELECT symbol, traded FROM booked
     ON CONFLICT (symbol) DO UPDATE SET quantity = positions.quantity + excluded.quantity, updated_at = now()`,
    [fill.orderId, fill.symbol, fill.side, fill.quantity, fill.price, fill.fee, fill.latencyMs, fill.executedAt],
  );
  return rowCount === 1;
}

export async function findFills(db: Database, orderIds: readonly string[]): Promise<Fill[]> {
  const { rows } = await db.query<Fill>(`SELECT ${fillColumns} FROM fills WHERE order_id = ANY ($1) ORDER BY number`, [
    orderIds,
  ]);
  return rows;
}

/** Every fill there is, oldest first. */
export async function allFills(db: Database): Promise<Fill[]> {
  const { rows } = await db.query<Fill>(`SELECT ${fillColumns} FROM fills ORDER BY number`);
  return rows;
}
