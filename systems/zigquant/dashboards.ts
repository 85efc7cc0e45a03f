import type { DashboardPlan } from "../../components/core/plan-types";
import { grafanaDashboard, type Panel } from "../../dashboards/grafana";
import { figure, gauge, graph } from "../../dashboards/panels";
import { latencyLimitSeconds } from "./alerts";

/** Added up over all replicas and paths before the quantile is taken, or there would be one for each. */
const latency = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (rate(zigquant_api_latency_seconds_bucket[5m])))`;

const trades: Panel = {
  ...figure({ title: "Total Trades", description: "Since the ledger was begun.", unit: "short", width: 8 }, ""),
  queries: [{ legend: "Trades", expr: "sum(zigquant_trades_total)" }],
};

export function mainDashboard(system: string): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "main",
    title: "zigQuant Trading Dashboard",
    panels: [
      trades,
      gauge(
        { title: "Win Rate", description: "Share of the closed positions that earned.", unit: "percentunit" },
        "avg(zigquant_win_rate)",
      ),
      graph(
        {
          title: "API Latency",
          description: "What 99 and 95 of 100 requests are answered in; the line is where the alert begins.",
          unit: "s",
          alarmAbove: latencyLimitSeconds,
          width: 24,
        },
        { p99: latency(0.99), p95: latency(0.95) },
      ),
    ],
  });
}
