import type { AlertRule } from "../../components/core/spec";
import { runbookOf } from "../../components/monitoring/runbooks";

/** Seconds that 99 of 100 requests have to be answered in. */
export const latencyLimitSeconds = 0.5;
/** Share of closed positions that have to earn, once there are enough trades to tell. */
const winRateLimit = 0.25;

export const zigQuantHighLatency: AlertRule = {
  name: "ZigQuantHighLatency",
  expr: `histogram_quantile(0.99, sum by (le) (rate(zigquant_api_latency_seconds_bucket[5m]))) > ${latencyLimitSeconds}`,
  forSeconds: 300,
  severity: "warning",
  summary: "zigQuant answers slowly",
  description: "one request in a hundred takes longer than {{ $value | humanizeDuration }}",
  runbook: runbookOf("ZigQuantHighLatency"),
  dashboard: "zigquant-main",
};

export const zigQuantLowWinRate: AlertRule = {
  name: "ZigQuantLowWinRate",
  expr: `avg(zigquant_win_rate) < ${winRateLimit} and sum(zigquant_trades_total) > 50`,
  forSeconds: 900,
  severity: "warning",
  summary: "the strategy loses more often than it should",
  description: "{{ $value | humanizePercentage }} of the closed positions earned",
  runbook: runbookOf("ZigQuantLowWinRate"),
  dashboard: "zigquant-main",
};
