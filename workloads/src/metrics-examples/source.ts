import { z } from "zod";
import { describeError } from "../platform/describe-error.ts";
import type { Logger } from "../platform/logger.ts";
import { type Quote, simulatedQuote } from "./quotes.ts";

export interface SourceOptions {
  readonly tickers: readonly string[];
  readonly seed: number;
  /** Address of the exchange's interface. @default - quotes are simulated */
  readonly url?: string | undefined;
  readonly log: Logger;
}

/** Gives the quotes of one turn. */
export interface Source {
  quotes(at: number): Promise<readonly Quote[]>;
  /** Whether the last quotes were the exchange's. */
  readonly live: boolean;
}

const timeoutMs = 5_000;
const boardPath = "/iss/engines/stock/markets/shares/boards/TQBR/securities.json";

/** The columns that are asked for, and rows of the same length. */
const answerSchema = z.object({
  marketdata: z.object({
    columns: z.tuple([z.literal("SECID"), z.literal("LAST")]),
    data: z.array(z.tuple([z.string(), z.number().positive().nullable()])),
  }),
});

/** The exchange where it can be reached, and else the simulation, which says of each quote that it is one. */
export function createSource({ tickers, seed, url, log }: SourceOptions): Source {
  let live = false;
  let warned = false;
  const simulated = (at: number): readonly Quote[] => tickers.map((ticker) => simulatedQuote(ticker, seed, at));
  return {
    get live() {
      return live;
    },
    async quotes(at) {
      if (url === undefined) {
        return simulated(at);
      }
      try {
        const quotes = await askExchange(url, tickers, at);
        if (!live) {
          log.info({ url }, "quotes come from the exchange");
        }
        [live, warned] = [true, false];
        return quotes;
      } catch (error) {
        if (!warned) {
          log.warn({ url, reason: describeError(error) }, "the exchange cannot be asked, quotes are simulated");
        }
        [live, warned] = [false, true];
        return simulated(at);
      }
    },
  };
}

async function askExchange(base: string, tickers: readonly string[], at: number): Promise<readonly Quote[]> {
  const url = new URL(boardPath, base);
  url.search = new URLSearchParams({
    "iss.meta": "off",
    "iss.only": "marketdata",
    "marketdata.columns": "SECID,LAST",
    securities: tickers.join(","),
  }).toString();
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) {
    throw new Error(`${url.host} answers ${answer.status}`);
  }
  const { data } = answerSchema.parse(await answer.json()).marketdata;
  const prices = new Map(data);
  return tickers.map((ticker) => {
    const price = prices.get(ticker);
    if (price === undefined || price === null) {
      throw new Error(`${url.host} has no price of ${ticker}`);
    }
    return { ticker, price, at, exchange: "MOEX" };
  });
}
