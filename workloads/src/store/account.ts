import type { Exposure, RiskRule } from "../domain/risk.ts";
import type { Pool, PoolClient } from "../platform/postgres.ts";

/** What the account is worth at one moment, in USD. */
export interface Snapshot {
  readonly realised: number;
  readonly unrealised: number;
  readonly equity: number;
  readonly drawdownPercent: number;
  readonly openPositions: number;
}

export async function insertSnapshot(pool: Pool, snapshot: Snapshot): Promise<void> {
  await pool.query(
    `INSERT INTO pnl_snapshots (realised, unrealised, equity, drawdown_percent, open_positions)
     VALUES ($1, $2, $3, $4, $5)`,
    [snapshot.realised, snapshot.unrealised, snapshot.equity, snapshot.drawdownPercent, snapshot.openPositions],
  );
}

/** The highest equity ever noted, or undefined when none was. */
export async function peakEquity(client: PoolClient): Promise<number | undefined> {
  const { rows } = await client.query<{ peak: number | null }>("SELECT max(equity)::float8 AS peak FROM pnl_snapshots");
  return rows[0]?.peak ?? undefined;
}

/** What a risk decision on the symbol has to know. The day's loss runs from the last equity of the day before. */
export async function readExposure(client: PoolClient, symbol: string): Promise<Exposure> {
  const { rows } = await client.query<{ position: number | null; pending: number[]; day_loss: number | null }>(
    `SELECT
       (SELECT quantity::float8 FROM positions WHERE symbol = $1) AS position,
       ARRAY(
         SELECT (CASE side WHEN 'buy' THEN quantity ELSE -quantity END)::float8
         FROM orders WHERE symbol = $1 AND status = 'approved'
       ) AS pending,
       (
         COALESCE(
           (SELECT equity FROM pnl_snapshots WHERE at < date_trunc('day', now(), 'UTC') ORDER BY at DESC LIMIT 1),
           (SELECT equity FROM pnl_snapshots ORDER BY at LIMIT 1)
         ) - (SELECT equity FROM pnl_snapshots ORDER BY at DESC LIMIT 1)
       )::float8 AS day_loss`,
    [symbol],
  );
  const row = rows[0];
  return { position: row?.position ?? 0, pending: row?.pending ?? [], dayLoss: row?.day_loss ?? 0 };
}

/** Risk decisions come one after the other, over all replicas: each has to see what the one before allowed. */
export async function takeTurn(client: PoolClient): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtext('risk decision'))");
}

export async function insertRiskEvent(
  client: PoolClient,
  orderId: string,
  rule: RiskRule,
  reason: string,
): Promise<void> {
  await client.query("INSERT INTO risk_events (order_id, rule, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
    orderId,
    rule,
    reason,
  ]);
}
