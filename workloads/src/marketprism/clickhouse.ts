import type { HttpClient } from "./http-client.ts";
import type { Tick } from "./tick.ts";
import type { ClickHouseConfig } from "./variables.ts";

const database = "marketprism";
const table = `${database}.ticks`;
/** Name of ClickHouse's circuit. */
const target = "clickhouse";

/** What the storage service asks of ClickHouse, by its HTTP interface. */
export interface TickStore {
  /** Makes what is missing. */
  prepare(): Promise<void>;
  /** On disk when it returns. The same ticks a second time change nothing. */
  insert(ticks: readonly Tick[]): Promise<void>;
  /** The newest ticks, of one symbol or of all, the newest first. */
  newest(limit: number, symbol?: string): Promise<readonly Tick[]>;
  /** The newest tick of each symbol. */
  latest(): Promise<readonly Tick[]>;
  removeBefore(at: number): Promise<void>;
}

// A repeated tick is the same key, and merges keep one; FINAL reads as if they had merged already.
const schema = `CREATE TABLE IF NOT EXISTS ${table} (
  id String, symbol LowCardinality(String), price Float64, volume Float64, at Int64, collector LowCardinality(String)
) ENGINE = ReplacingMergeTree ORDER BY (symbol, at, id) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

const columns = "id, symbol, price, volume, at, collector";

export function createTickStore(http: HttpClient, config: ClickHouseConfig): TickStore {
  const headers = {
    "X-ClickHouse-User": config.CLICKHOUSE_USER,
    "X-ClickHouse-Key": config.CLICKHOUSE_PASSWORD,
    "Content-Type": "text/plain",
  };
  /** Values go beside the statement, not into it. */
  const run = (body: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<string> => {
    const url = new URL("/", config.CLICKHOUSE_URL);
    for (const [name, value] of Object.entries(parameters)) {
      url.searchParams.set(`param_${name}`, String(value));
    }
    return http.send(target, url.href, { method: "POST", headers, body });
  };
  const rows = async (statement: string, parameters: Readonly<Record<string, string | number>>): Promise<Tick[]> => {
    const settings = "SETTINGS output_format_json_quote_64bit_integers = 0";
    const text = await run(`${statement} ${settings} FORMAT JSONEachRow`, parameters);
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as Tick);
  };
  return {
    async prepare() {
      await run(`CREATE DATABASE IF NOT EXISTS ${database}`);
      await run(schema);
    },
    async insert(ticks) {
      const lines = ticks.map((tick) => JSON.stringify(tick)).join("\n");
      await run(`INSERT INTO ${table} (${columns}) FORMAT JSONEachRow\n${lines}\n`);
    },
    newest: (limit, symbol) =>
      symbol === undefined
        ? rows(`SELECT ${columns} FROM ${table} FINAL ORDER BY at DESC LIMIT {limit:UInt32}`, { limit })
        : rows(
            `SELECT ${columns} FROM ${table} FINAL WHERE symbol = {symbol:String} ORDER BY at DESC LIMIT {limit:UInt32}`,
            { limit, symbol },
          ),
    latest: () => rows(`SELECT ${columns} FROM ${table} FINAL ORDER BY at DESC LIMIT 1 BY symbol`, {}),
    async removeBefore(at) {
      await run(`ALTER TABLE ${table} DELETE WHERE at < {at:Int64}`, { at });
    },
  };
}

/** Whether ClickHouse answers at all; needs no account. */
export async function pingClickHouse(
  http: HttpClient,
  { CLICKHOUSE_URL }: Pick<ClickHouseConfig, "CLICKHOUSE_URL">,
): Promise<void> {
  await http.ask(new URL("/ping", CLICKHOUSE_URL).href);
}
