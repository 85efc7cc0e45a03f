import { Pool, type PoolClient } from "pg";
import { describeError } from "./describe-error.ts";
import type { Logger } from "./logger.ts";

export type { Pool, PoolClient } from "pg";

export interface PoolLimits {
  /** Connections at most. */
  readonly maxConnections: number;
  /** How long a question waits for one. */
  readonly connectMs: number;
}

const usualLimits: PoolLimits = { maxConnections: 5, connectMs: 5_000 };
const statementMs = 10_000;

/** A pool that connects when it is asked; a connection that breaks is replaced at the next question. */
export function connectPostgres(url: string, role: string, log: Logger, limits = usualLimits): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: role,
    max: limits.maxConnections,
    connectionTimeoutMillis: limits.connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + 1_000,
    keepAlive: true,
  });
  pool.on("error", (error) => log.warn({ reason: describeError(error) }, "a connection to postgres broke"));
  return pool;
}

export async function checkPostgres(pool: Pool): Promise<void> {
  await pool.query("SELECT 1");
}

/** Runs the work in one transaction: committed when it returns, rolled back when it throws. */
export async function transaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  mode = "",
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`BEGIN ${mode}`);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
