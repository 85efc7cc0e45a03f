import type { DashboardPlan } from "../../components/core/plan-types";
import { containerPanels, memoryRatio } from "../../dashboards/containers";
import { grafanaDashboard } from "../../dashboards/grafana";
import { figure, graph } from "../../dashboards/panels";
import { postgresPanels } from "../../dashboards/postgres";
import { redisPanels } from "../../dashboards/redis";
import { drawdownLimitPercent } from "./alerts";

const system = "algo-trading";

/** Gains and losses, and what they hang on. Replicas that stand by report zero, so sums and maxima show the leader's. */
export function pnlDashboard(): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "pnl",
    title: "Profit and loss",
    panels: [
      figure({ title: "P&L", description: "Locked in and open.", unit: "currencyUSD" }, "sum(trading_pnl_usd)"),
      figure(
        { title: "Drawdown", description: "Below the peak.", unit: "percent", alarmAbove: drawdownLimitPercent },
        "max(trading_drawdown_percent)",
      ),
      figure(
        { title: "Fill ratio", description: "Orders that were filled, of all in five minutes.", unit: "percentunit" },
        "sum(rate(trading_orders_filled[5m])) / sum(rate(trading_orders_total[5m]))",
      ),
      figure(
        { title: "Age of prices", description: "Since the last update.", unit: "s", alarmAbove: 30 },
        "time() - max(trading_last_price_update_timestamp)",
      ),
      graph(
        { title: "P&L over time", description: "Locked in and open.", unit: "currencyUSD" },
        { "P&L": "sum(trading_pnl_usd)" },
      ),
      graph(
        {
          title: "Drawdown over time",
          description: "Below the peak; the line is where the alert begins.",
          unit: "percent",
          alarmAbove: drawdownLimitPercent,
        },
        { drawdown: "max(trading_drawdown_percent)" },
      ),
      graph(
        { title: "Orders by outcome", description: "A second.", unit: "ops" },
        {
          placed: "sum(rate(trading_orders_total[1m]))",
          filled: "sum(rate(trading_orders_filled[1m]))",
          rejected: "sum(rate(trading_orders_rejected[1m]))",
        },
      ),
      graph(
        { title: "Execution time", description: "Mean of the last 1000 orders.", unit: "ms" },
        { mean: "max(trading_order_execution_avg_ms)" },
      ),
      graph(
        { title: "Age of prices over time", description: "Since the last update.", unit: "s", alarmAbove: 30 },
        { age: "time() - max(trading_last_price_update_timestamp)" },
      ),
      graph(
        { title: "Memory of containers", description: "Share of the limit.", unit: "percentunit", alarmAbove: 0.85 },
        { "{{name}}": memoryRatio },
      ),
    ],
  });
}

/** The database. */
export function postgresDashboard(job: string, database: string): DashboardPlan {
  return grafanaDashboard({ system, slug: "postgres", title: "PostgreSQL", panels: postgresPanels(job, database) });
}

/** The price cache and the message streams. */
export function redisDashboard(jobs: readonly string[]): DashboardPlan {
  return grafanaDashboard({ system, slug: "redis", title: "Redis", panels: jobs.flatMap(redisPanels) });
}

/** What containers take from the machine. */
export function containerDashboard(): DashboardPlan {
  return grafanaDashboard({ system, slug: "containers", title: "Containers", panels: containerPanels() });
}
