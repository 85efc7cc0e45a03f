import { Counter, Gauge, Histogram } from "prom-client";
import { defineRole } from "../roles/role.ts";
import { createSource } from "./source.ts";
import { eachTurn } from "./turns.ts";
import { workerVariables } from "./variables.ts";

/** Has quotes ready for whoever scrapes them. */
export const worker = defineRole(
  "metrics-worker",
  () => workerVariables,
  async ({ log, registry, signal, ready }, { TICKERS, INTERVAL, SEED, MOEX_URL, PRICE_BUCKETS }) => {
    const registers = [registry];
    const labelNames = ["ticker"] as const;
    const prices = new Histogram({
      name: "moex_stock_price",
      help: "Prices so far, in rubles.",
      labelNames,
      buckets: PRICE_BUCKETS,
      registers,
    });
    const last = new Gauge({
      name: "moex_stock_last_price",
      help: "Price of the last turn, in rubles.",
      labelNames,
      registers,
    });
    const lastAt = new Gauge({
      name: "moex_stock_last_price_timestamp_seconds",
      help: "When that turn began.",
      labelNames,
      registers,
    });
    const errors = new Counter({ name: "moex_scrape_errors_total", help: "Turns without a quote.", registers });
    const isLive = new Gauge({
      name: "moex_source_live",
      help: "1 while quotes are the exchange's, 0 while they are simulated.",
      registers,
    });

    const source = createSource({ tickers: TICKERS, seed: SEED, url: MOEX_URL, log });
    await ready();
    await eachTurn(
      INTERVAL,
      async (at) => {
        const quotes = await source.quotes(at).catch((error: unknown) => {
          errors.inc();
          throw error;
        });
        isLive.set(source.live ? 1 : 0);
        for (const { ticker, price } of quotes) {
          prices.observe({ ticker }, price);
          last.set({ ticker }, price);
          lastAt.set({ ticker }, at);
        }
      },
      { signal, log, what: "quoting" },
    );
  },
);
