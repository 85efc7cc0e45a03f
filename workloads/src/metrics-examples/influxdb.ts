import { z } from "zod";
import type { Quote } from "./quotes.ts";
import type { Stored } from "./stored.ts";

export interface InfluxAccess {
  readonly INFLUXDB_URL: string;
  readonly INFLUXDB_DATABASE: string;
  readonly INFLUXDB_USER: string;
  readonly INFLUXDB_PASSWORD: string;
}

const timeoutMs = 5_000;
const measurement = "stock_price";

/** Quotes in the words of InfluxDB: share and exchange are tags, by which it can be asked. */
export const influxLines = (quotes: readonly Quote[]): string =>
  quotes
    .map(
      ({ ticker, exchange, price, at }) => `${measurement},exchange=${exchange},ticker=${ticker} price=${price} ${at}`,
    )
    .join("\n");

export async function writeInfluxdb(access: InfluxAccess, lines: string): Promise<void> {
  const { url, headers } = requestTo(access, "/write", { precision: "s" });
  const answer = await fetch(url, { method: "POST", headers, body: lines, signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) {
    throw new Error(`InfluxDB answers ${answer.status}`);
  }
}

const answerSchema = z.object({
  results: z.tuple([
    z.object({
      series: z
        .array(
          z.object({
            tags: z.object({ ticker: z.string() }),
            values: z.tuple([z.tuple([z.number(), z.number()])]),
          }),
        )
        .default([]),
    }),
  ]),
});

/** The newest points of the shares. */
export async function readInfluxdb(access: InfluxAccess, tickers: readonly string[]): Promise<Stored[]> {
  const q = `SELECT last(price) FROM ${measurement} GROUP BY ticker`;
  const { url, headers } = requestTo(access, "/query", { epoch: "s", q });
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) {
    throw new Error(`InfluxDB answers ${answer.status}`);
  }
  const [{ series }] = answerSchema.parse(await answer.json()).results;
  return series.flatMap(({ tags: { ticker }, values: [[at, price]] }) =>
    tickers.includes(ticker) ? [{ store: "influxdb" as const, ticker, price, at }] : [],
  );
}

function requestTo(
  { INFLUXDB_URL, INFLUXDB_DATABASE, INFLUXDB_USER, INFLUXDB_PASSWORD }: InfluxAccess,
  path: string,
  parameters: Readonly<Record<string, string>>,
): { url: URL; headers: Record<string, string> } {
  const url = new URL(path, INFLUXDB_URL);
  url.search = new URLSearchParams({ db: INFLUXDB_DATABASE, ...parameters }).toString();
  const credentials = Buffer.from(`${INFLUXDB_USER}:${INFLUXDB_PASSWORD}`).toString("base64");
  return { url, headers: { authorization: `Basic ${credentials}` } };
}
