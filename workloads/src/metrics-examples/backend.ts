import { Gauge } from "prom-client";
import { every } from "../platform/retry.ts";
import { defineRole } from "../roles/role.ts";
import { readGraphite } from "./graphite.ts";
import { readInfluxdb } from "./influxdb.ts";
import type { Stored } from "./stored.ts";
import { backendVariables } from "./variables.ts";

const pollMs = 10_000;

/** Tells what the stores hold: to people by `/quotes`, and to Prometheus, which compares it with what it has itself. */
export const backend = defineRole(
  "metrics-backend",
  () => backendVariables,
  async ({ log, registry, signal, ready, route }, config) => {
    const registers = [registry];
    const labelNames = ["store", "ticker"] as const;
    const prices = new Gauge({
      name: "moex_store_price",
      help: "Newest price of a share in a store, in rubles.",
      labelNames,
      registers,
    });
    const times = new Gauge({
      name: "moex_store_price_timestamp_seconds",
      help: "When that price was.",
      labelNames,
      registers,
    });
    const { TICKERS, GRAPHITE_URL, GRAPHITE_PREFIX } = config;
    const read = async (): Promise<readonly Stored[]> =>
      (await Promise.all([readGraphite(GRAPHITE_URL, GRAPHITE_PREFIX, TICKERS), readInfluxdb(config, TICKERS)])).flat();

    route("GET /quotes", async () => ({ status: 200, body: byTicker(TICKERS, await read()) }));
    await ready();
    await every(
      pollMs,
      async () => {
        for (const { store, ticker, price, at } of await read()) {
          prices.set({ store, ticker }, price);
          times.set({ store, ticker }, at);
        }
      },
      { signal, log, what: "reading the stores" },
    );
  },
);

/** For each share, what each store says. */
function byTicker(tickers: readonly string[], stored: readonly Stored[]): object {
  return Object.fromEntries(
    tickers.map((ticker) => [
      ticker,
      Object.fromEntries(
        stored.flatMap(({ store, price, at, ticker: other }) => (other === ticker ? [[store, { price, at }]] : [])),
      ),
    ]),
  );
}
