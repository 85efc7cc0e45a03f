import type { DashboardMaker } from "../../components/core/description";
import type { DashboardPlan } from "../../components/core/plan-types";
import { containerPanels, memoryShare, seesContainers } from "../../dashboards/containers";
import { grafanaDashboard } from "../../dashboards/grafana";
import { figure, graph } from "../../dashboards/panels";
import { postgresBoard } from "../../dashboards/postgres";
import { ofSystem, quantile, share } from "../../dashboards/promql";
import { redisBoard } from "../../dashboards/redis";
import { drawdownLimitPercent, staleSeconds } from "./alerts";

const system = "algo-trading";

/** Gains and losses, and what they hang on. Replicas that stand by report zero, so sums and maxima show the leader's. */
export const pnlDashboard: DashboardMaker = (view) => {
  const { of, rate } = ofSystem;
  const [placed, filled, rejected] = ["total", "filled", "rejected"].map(
    (outcome) => `sum(${rate(`trading_orders_${outcome}`)})`,
  ) as [string, string, string];
  const pnl = `sum(${of("trading_pnl_usd")})`;
  const drawdown = `max(${of("trading_drawdown_percent")})`;
  const age = `time() - max(${of("trading_last_price_update_timestamp")})`;
  return grafanaDashboard({
    system,
    slug: "pnl",
    title: "Profit and loss",
    panels: [
      figure({ title: "P&L", description: "Locked in and open.", unit: "currencyUSD" }, pnl),
      figure(
        { title: "Drawdown", description: "Below the peak.", unit: "percent", alarmAbove: drawdownLimitPercent },
        drawdown,
      ),
      figure(
        { title: "Fill ratio", description: "Orders that were filled, of all.", unit: "percentunit" },
        share(filled, placed),
      ),
      figure(
        { title: "Age of prices", description: "Since the last update.", unit: "s", alarmAbove: staleSeconds },
        age,
      ),
      graph({ title: "P&L over time", description: "Locked in and open.", unit: "currencyUSD" }, { "P&L": pnl }),
      graph(
        {
          title: "Drawdown over time",
          description: "Below the peak; the line is where the alert begins.",
          unit: "percent",
          alarmAbove: drawdownLimitPercent,
        },
        { drawdown },
      ),
      graph({ title: "Orders by outcome", description: "A second.", unit: "ops" }, { placed, filled, rejected }),
      graph(
        { title: "Execution time", description: "Mean of the last 1000 orders.", unit: "ms" },
        { mean: `max(${of("trading_order_execution_avg_ms")})` },
      ),
      graph(
        {
          title: "Age of prices over time",
          description: "Since the last update; the line is where the alert begins.",
          unit: "s",
          alarmAbove: staleSeconds,
        },
        { age },
      ),
      ...(seesContainers(view) ? [memoryShare] : []),
    ],
  });
};

/** The way of an order: judged, executed, and fed by prices. */
export function ordersDashboard(): DashboardPlan {
  const { of, rate } = ofSystem;
  const all = (counter: string): string => `sum(${rate(counter)})`;
  const latency = (share: number): string => quantile(share, rate("execution_latency_seconds_bucket"));
  const [checked, approved] = [all("risk_orders_checked_total"), all("risk_orders_approved_total")];
  const executed = all("execution_orders_filled_total");
  return grafanaDashboard({
    system,
    slug: "orders",
    title: "Orders",
    panels: [
      graph(
        { title: "Orders", description: "Judged by the risk manager, and executed; a second.", unit: "ops" },
        { judged: checked, executed },
      ),
      graph(
        {
          title: "Refused",
          description: "Share of the orders that the risk manager lets not pass.",
          unit: "percentunit",
        },
        { refused: share(`(${checked} - ${approved})`, checked) },
      ),
      graph(
        { title: "Time to the fill", description: "What 50, 95 and 99 of 100 executions take.", unit: "s" },
        { p50: latency(0.5), p95: latency(0.95), p99: latency(0.99) },
      ),
      graph(
        { title: "Rejected by the exchange", description: "A second.", unit: "ops" },
        { rejected: `${all("execution_orders_rejected_total")} or vector(0)` },
      ),
      graph(
        { title: "Prices", description: "That came in, a second.", unit: "ops" },
        { prices: all("market_data_updates_total") },
      ),
      graph(
        { title: "Open positions", description: "Of the replica that trades.", unit: "short" },
        { positions: `max(${of("trading_open_positions")})` },
      ),
      graph(
        { title: "Loss of the day", description: "As the risk manager counts it.", unit: "currencyUSD" },
        { loss: `max(${of("risk_day_loss_usd")})` },
      ),
      graph(
        { title: "Leaders", description: "Replicas that trade: always one.", unit: "short", alarmAbove: 2 },
        { leaders: `sum(${of("trading_leader")})` },
      ),
    ],
  });
}

/** The database. */
export function postgresDashboard(database: string): DashboardPlan {
  return grafanaDashboard({ system, slug: "postgres", title: "PostgreSQL", ...postgresBoard(database) });
}

/** The price cache and the message streams. */
export function redisDashboard(): DashboardPlan {
  return grafanaDashboard({ system, slug: "redis", title: "Redis", ...redisBoard() });
}

/** What containers take from the machine. */
export function containerDashboard(): DashboardPlan {
  return grafanaDashboard({ system, slug: "containers", title: "Containers", panels: containerPanels() });
}
