import type { AlertRule } from "../../components/core/spec";
import { runbookOf } from "../../components/monitoring/runbooks";

/** Drawdown in percent from which on a person has to look. */
export const drawdownLimitPercent = 5;

/** Age of the newest price from which on it is out of date. */
export const staleSeconds = 30;

export const highDrawdown: AlertRule = {
  name: "HighDrawdown",
  expr: `trading_drawdown_percent > ${drawdownLimitPercent}`,
  forSeconds: 60,
  severity: "critical",
  summary: "the account has lost too much of its peak value",
  description: "drawdown is {{ $value | humanize }} percent",
  runbook: runbookOf("HighDrawdown"),
  dashboard: "algo-trading-pnl",
};

export const orderExecutionSlow: AlertRule = {
  name: "OrderExecutionSlow",
  expr: "trading_order_execution_seconds > 2",
  forSeconds: 30,
  severity: "warning",
  summary: "orders take too long",
  description: "the last order took {{ $value | humanizeDuration }}",
  runbook: runbookOf("OrderExecutionSlow"),
  dashboard: "algo-trading-orders",
};

export const marketDataStale: AlertRule = {
  name: "MarketDataStale",
  expr: `time() - trading_last_price_update_timestamp > ${staleSeconds}`,
  forSeconds: 60,
  severity: "critical",
  summary: "prices are out of date",
  description: "the last price came {{ $value | humanizeDuration }} ago",
  runbook: runbookOf("MarketDataStale"),
  dashboard: "algo-trading-pnl",
};
