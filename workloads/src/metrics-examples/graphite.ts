import { once } from "node:events";
import { connect } from "node:net";
import { z } from "zod";
import type { Quote } from "./quotes.ts";
import type { Stored } from "./stored.ts";

const timeoutMs = 5_000;

/** Name of a share's price. */
const pathOf = (prefix: string, ticker: string): string => `${prefix}.${ticker}.price`;

/** Quotes in carbon's plain words, a line each. */
export const carbonLines = (prefix: string, quotes: readonly Quote[]): string =>
  quotes.map(({ ticker, price, at }) => `${pathOf(prefix, ticker)} ${price} ${at}\n`).join("");

/** Sends lines to carbon, which answers nothing: that all was taken is known when it has closed, too. */
export async function sendLines(host: string, port: number, lines: string): Promise<void> {
  const socket = connect({ host, port, timeout: timeoutMs });
  socket.on("timeout", () => socket.destroy(new Error(`carbon does not answer within ${timeoutMs} ms`)));
  await once(socket, "connect");
  socket.resume();
  socket.end(lines);
  await once(socket, "close");
}

const seriesSchema = z.array(
  z.object({ target: z.string(), datapoints: z.array(z.tuple([z.number().nullable(), z.number()])) }),
);

/** The newest points of the shares. */
export async function readGraphite(base: string, prefix: string, tickers: readonly string[]): Promise<Stored[]> {
  const url = new URL("/render", base);
  url.searchParams.set("format", "json");
  url.searchParams.set("from", "-10min");
  for (const ticker of tickers) {
    url.searchParams.append("target", pathOf(prefix, ticker));
  }
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) {
    throw new Error(`Graphite answers ${answer.status}`);
  }
  const series = seriesSchema.parse(await answer.json());
  return tickers.flatMap((ticker) => {
    const points = series.find(({ target }) => target === pathOf(prefix, ticker))?.datapoints ?? [];
    const [price, at] = points.findLast(([value]) => value !== null) ?? [];
    return typeof price === "number" && at !== undefined ? [{ store: "graphite" as const, ticker, price, at }] : [];
  });
}
