import type { Pool, PoolClient } from "../platform/postgres.ts";

/** What at most one process has at any time: only who has it can write new orders. */
export interface TradingRight {
  /**
   * Does work on the connection that the right belongs to, one piece after the other. What is written there is written with
   * the right, or not at all.
   */
  use<Result>(work: (connection: PoolClient) => Promise<Result>): Promise<Result>;
  /** Aborted when the connection breaks, and the right with it. */
  readonly lost: AbortSignal;
  /** Gives the right and the connection back. */
  release(): void;
}

/** The name of the right among PostgreSQL's advisory locks; any number does that nobody else uses. */
const lockNumber = 7_282_001;

/** Of a process that vanished without a word, with its machine, the server learns after about ten seconds. */
const noticeTheVanished = "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3";

/**
 * Takes the right to trade, which the server gives to one connection at a time and takes back when that ends. The lock in
 * Redis chooses who trades and is held by a clock; this one needs none, and holds although a process sleeps over its turn or
 * Redis loses its data. Throws when another process has it.
 */
export async function takeTradingRight(pool: Pool): Promise<TradingRight> {
  const connection = await pool.connect();
  const lost = new AbortController();
  const lose = (): void => lost.abort();
  connection.on("error", lose);
  connection.on("end", lose);
  try {
    await connection.query(noticeTheVanished);
    const { rows } = await connection.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [
      lockNumber,
    ]);
    if (rows[0]?.taken !== true) {
      throw new Error("another bot has not given up the right to trade yet");
    }
  } catch (error) {
    // not back into the pool: nobody knows what became of the question
    connection.release(true);
    throw error;
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    use(work) {
      const result = last.then(() => work(connection));
      last = result.catch(() => undefined);
      return result;
    },
    lost: lost.signal,
    // closing the connection gives up what it holds, also when nobody can be asked any more
    release: () => connection.release(true),
  };
}
