import type { DashboardPlan } from "../../components/core/plan-types";
import { grafanaDashboard, type Panel } from "../../dashboards/grafana";
import { figure, gauge, graph } from "../../dashboards/panels";
import { ofSystem, quantile } from "../../dashboards/promql";
import { latencyLimitSeconds } from "./alerts";

const { of, rate } = ofSystem;

/** Added up over all replicas and paths before the quantile is taken, or there would be one for each. */
const latency = (share: number): string => quantile(share, rate("zigquant_api_latency_seconds_bucket"));

const trades: Panel = {
  ...figure({ title: "Total Trades", description: "Since the ledger was begun.", unit: "short", width: 8 }, ""),
  queries: [{ legend: "Trades", expr: `sum(${of("zigquant_trades_total")})` }],
};

export function mainDashboard(system: string): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "main",
    title: "zigQuant Trading Dashboard",
    anchor: "zigquant_win_rate",
    panels: [
      trades,
      gauge(
        { title: "Win Rate", description: "Share of the closed positions that earned.", unit: "percentunit" },
        `avg(${of("zigquant_win_rate")})`,
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
