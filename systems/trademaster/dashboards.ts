import type { DashboardPlan } from "../../components/core/plan-types";
import { containerPanels } from "../../dashboards/containers";
import { grafanaDashboard } from "../../dashboards/grafana";
import { figure, graph } from "../../dashboards/panels";
import { postgresBoard } from "../../dashboards/postgres";
import { ofSystem, quantile } from "../../dashboards/promql";
import { redisBoard } from "../../dashboards/redis";
import { accuracyLimit, fullPercent } from "./alerts";

const system = "trademaster";

const { of, rate } = ofSystem;

const duration = (share: number): string => quantile(share, rate("trademaster_trade_duration_seconds_bucket"));

/** Trades, what is held, and how good the models are. */
export function tradingDashboard(): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "trading",
    title: "TradeMaster",
    anchor: "trademaster_memory_usage_bytes",
    panels: [
      figure(
        { title: "Positions", description: "Symbols that are held.", unit: "short" },
        `max(${of("trademaster_active_positions")})`,
      ),
      figure(
        { title: "Portfolio", description: "Value of what is held.", unit: "currencyUSD" },
        `max(${of("trademaster_portfolio_value")})`,
      ),
      graph(
        { title: "Trades", description: "By who wanted them and what came of them, a second.", unit: "ops" },
        { "{{method}} {{status}}": `sum by (method, status) (${rate("trademaster_trade_requests_total")})` },
      ),
      graph(
        { title: "Time of a trade", description: "From taking an order to its end.", unit: "s" },
        { p50: duration(0.5), p95: duration(0.95), p99: duration(0.99) },
      ),
      graph(
        { title: "Predictions", description: "Of which the outcome is known, a second.", unit: "ops" },
        { "{{model}} {{outcome}}": `sum by (model, outcome) (${rate("trademaster_model_predictions_total")})` },
      ),
      graph(
        {
          title: "Accuracy",
          description: `Share of predictions that were right; below ${100 * accuracyLimit} percent an alert begins.`,
          unit: "percentunit",
        },
        { "{{model}}": `avg by (model) (${of("trademaster_model_accuracy")})` },
      ),
      graph(
        { title: "Processor", description: "Share of one core, for each process.", unit: "percent" },
        { "{{job}} {{instance}}": of("trademaster_cpu_usage_percent") },
      ),
      graph(
        { title: "Memory", description: "Of each process.", unit: "bytes" },
        { "{{job}} {{instance}}": of("trademaster_memory_usage_bytes") },
      ),
      graph(
        {
          title: "Disk",
          description: "Share that is full of the disk of the data.",
          unit: "percent",
          alarmAbove: fullPercent,
        },
        { "{{job}} {{instance}}": of("trademaster_disk_usage_percent") },
      ),
    ],
  });
}

export function postgresDashboard(): DashboardPlan {
  return grafanaDashboard({ system, slug: "postgres", title: "PostgreSQL", ...postgresBoard("trademaster") });
}

export function redisDashboard(): DashboardPlan {
  return grafanaDashboard({ system, slug: "redis", title: "Redis", ...redisBoard() });
}

export function containerDashboard(): DashboardPlan {
  return grafanaDashboard({ system, slug: "containers", title: "Containers", panels: containerPanels() });
}
