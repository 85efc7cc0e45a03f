import type { DashboardPlan } from "../../components/core/plan-types";
import { grafanaDashboard } from "../../dashboards/grafana";
import { figure, graph } from "../../dashboards/panels";
import { staleSeconds } from "./alerts";
import { graphitePrefix } from "./services";

const system = "metrics-examples";
const rubles = "currencyRUB";

const perTicker = (tickers: readonly string[], query: (ticker: string) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(tickers.map((ticker) => [ticker, query(ticker)]));

const prices = (
  title: string,
  source: "prometheus" | "graphite" | "influxdb",
  lines: Readonly<Record<string, string>>,
) =>
  graph({ title, description: "Price of each share, as this store has it.", unit: rubles, width: 24, source }, lines);

const inPrometheus = { "{{ticker}}": "moex_stock_last_price" };
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
    panels: [
      prices("Prices", "prometheus", inPrometheus),
      graph(
        { title: "Median price", description: "Of the last quarter of an hour, from the histogram.", unit: rubles },
        { "{{ticker}}": "histogram_quantile(0.5, sum by (le, ticker) (rate(moex_stock_price_bucket[15m])))" },
      ),
      graph(
        { title: "Age of quotes", description: "Since their turn.", unit: "s", alarmAbove: staleSeconds },
        { "{{ticker}}": "time() - moex_stock_last_price_timestamp_seconds" },
      ),
      figure(
        { title: "Live", description: "1 while quotes are the exchange's.", unit: "short" },
        "min(moex_source_live)",
      ),
      figure(
        { title: "Errors", description: "Turns without a quote in the last hour.", unit: "short", alarmAbove: 1 },
        "sum(increase(moex_scrape_errors_total[1h]))",
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
    panels: [
      prices("Prometheus", "prometheus", inPrometheus),
      prices("Graphite", "graphite", inGraphite(tickers)),
      prices("InfluxDB", "influxdb", inInfluxdb(tickers)),
      graph(
        { title: "Newest price of each store", description: "As the backend reads it.", unit: rubles, width: 24 },
        { "{{ticker}} in {{store}}": "moex_store_price" },
      ),
    ],
  });
}

export function nodeBoard(): DashboardPlan {
  const cpu = '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[1m]))';
  return grafanaDashboard({
    system,
    slug: "node",
    title: "The machine",
    panels: [
      graph({ title: "Processor", description: "Share in use.", unit: "percentunit" }, { "in use": cpu }),
      graph(
        { title: "Memory", description: "Share that is not available.", unit: "percentunit", alarmAbove: 0.9 },
        { "in use": "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes" },
      ),
      graph(
        { title: "Disks", description: "Share in use.", unit: "percentunit", alarmAbove: 0.9 },
        { "{{mountpoint}}": "1 - node_filesystem_avail_bytes / node_filesystem_size_bytes" },
      ),
      graph({ title: "Load", description: "Processes that run or wait.", unit: "short" }, { load: "node_load1" }),
    ],
  });
}
