import type { DashboardPlan } from "../../components/core/plan-types";
import { grafanaDashboard } from "../../dashboards/grafana";
import { nodePanels } from "../../dashboards/nodes";
import { figure, graph } from "../../dashboards/panels";
import { ofSystem, quantile } from "../../dashboards/promql";
import { staleSeconds } from "./alerts";
import { graphitePrefix } from "./services";

const system = "metrics-examples";
const rubles = "currencyRUB";
const { of, rate, grown } = ofSystem;

const perTicker = (tickers: readonly string[], query: (ticker: string) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(tickers.map((ticker) => [ticker, query(ticker)]));

const prices = (
  title: string,
  source: "prometheus" | "graphite" | "influxdb",
  lines: Readonly<Record<string, string>>,
) =>
  graph({ title, description: "Price of each share, as this store has it.", unit: rubles, width: 24, source }, lines);

const inPrometheus = { "{{ticker}}": of("moex_stock_last_price") };
const inGraphite = (tickers: readonly string[]) => perTicker(tickers, (ticker) => `${graphitePrefix}.${ticker}.price`);
const inInfluxdb = (tickers: readonly string[]) =>
  perTicker(
    tickers,
    (ticker) =>
      `SELECT last("price") FROM "stock_price" WHERE "ticker" = '${ticker}' AND $timeFilter GROUP BY time($__interval) fill(none)`,
  );

export function prometheusBoard(): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "quotes-prometheus",
    title: "Quotes in Prometheus",
    anchor: "moex_stock_last_price",
    panels: [
      prices("Prices", "prometheus", inPrometheus),
      graph(
        { title: "Median price", description: "From the histogram.", unit: rubles },
        { "{{ticker}}": quantile(0.5, rate("moex_stock_price_bucket"), "ticker") },
      ),
      graph(
        { title: "Age of quotes", description: "Since their turn.", unit: "s", alarmAbove: staleSeconds },
        { "{{ticker}}": `time() - ${of("moex_stock_last_price_timestamp_seconds")}` },
      ),
      figure(
        { title: "Live", description: "1 while quotes are the exchange's.", unit: "short" },
        `min(${of("moex_source_live")})`,
      ),
      figure(
        {
          title: "Errors",
          description: "Turns without a quote in the time that is shown.",
          unit: "short",
          alarmAbove: 1,
        },
        `sum(${grown("moex_scrape_errors_total")})`,
      ),
    ],
  });
}

export function graphiteBoard(tickers: readonly string[], statsd: boolean): DashboardPlan {
  const gauges = perTicker(tickers, (ticker) => `stats.gauges.${graphitePrefix}.${ticker}.price`);
  return grafanaDashboard({
    system,
    slug: "quotes-graphite",
    title: "Quotes in Graphite",
    panels: [
      prices("Prices", "graphite", inGraphite(tickers)),
      ...(statsd ? [prices("Prices by way of StatsD", "graphite", gauges)] : []),
    ],
  });
}

export function influxdbBoard(tickers: readonly string[]): DashboardPlan {
  const panels = [prices("Prices", "influxdb", inInfluxdb(tickers))];
  return grafanaDashboard({ system, slug: "quotes-influxdb", title: "Quotes in InfluxDB", panels });
}

export function comparisonBoard(tickers: readonly string[]): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "comparison",
    title: "Quotes in all stores",
    anchor: "moex_store_price",
    panels: [
      prices("Prometheus", "prometheus", inPrometheus),
      prices("Graphite", "graphite", inGraphite(tickers)),
      prices("InfluxDB", "influxdb", inInfluxdb(tickers)),
      graph(
        { title: "Newest price of each store", description: "As the backend reads it.", unit: rubles, width: 24 },
        { "{{ticker}} in {{store}}": of("moex_store_price") },
      ),
    ],
  });
}

export function nodeBoard(): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "node",
    title: "The machine",
    anchor: "node_load1",
    panels: nodePanels(ofSystem),
  });
}
