import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Route } from "../platform/http-server.ts";
import type { Ledger } from "./ledger.ts";

/** From a millisecond to the timeout of the health check, so that its quantiles say something. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3];

export interface Metrics {
  traded(): void;
  /** Has the requests of a route timed. */
  timed(name: string, route: Route): Route;
}

/** The three figures that the dashboard is made of. What the ledger holds from before the start counts, too. */
export function createMetrics(registry: Registry, ledger: Ledger): Metrics {
  const registers = [registry];
  const trades = new Counter({ name: "zigquant_trades_total", help: "Trades, since the first start.", registers });
  trades.inc(ledger.state.trades);
  new Gauge({
    name: "zigquant_win_rate",
    help: "Share of the closed positions that earned, 0 to 1.",
    registers,
    collect() {
      this.set(ledger.winRate());
    },
  });
  const latency = new Histogram({
    name: "zigquant_api_latency_seconds",
    help: "Time that the API took to answer, by path.",
    labelNames: ["path"],
    buckets: latencyBuckets,
    registers,
  });
  return {
    traded: () => trades.inc(),
    timed: (name, route) => async (request) => {
      const end = latency.startTimer({ path: name.split(" ")[1] ?? name });
      try {
        return await route(request);
      } finally {
        end();
      }
    },
  };
}
