import type { AlertRule } from "../../components/core/spec";
import { runbookOf } from "../../components/monitoring/runbooks";

/** Share of processor, memory and disk from which somebody has to look. */
export const fullPercent = 85;
/** Share of failed trades, and of right predictions, that are no longer chance. */
const failedShare = 0.1;
export const accuracyLimit = 0.35;

/** Shows what the alerts are about. */
const dashboard = "trademaster-trading";

/** By what the programs say of themselves: of their limits, where those are less than a core and all of the machine's memory. */
export const usageAlerts = ({ cores, memoryMiB }: { readonly cores: number; readonly memoryMiB: number }) =>
  [
    usage("TradeMasterHighCpu", `trademaster_cpu_usage_percent / ${cores} > ${fullPercent}`, "its processor"),
    usage(
      "TradeMasterHighMemory",
      `100 * trademaster_memory_usage_bytes / ${memoryMiB * 1024 * 1024} > ${fullPercent}`,
      "its memory",
    ),
    usage("TradeMasterHighDisk", `trademaster_disk_usage_percent > ${fullPercent}`, "the disk of its data"),
  ] satisfies AlertRule[];

function usage(name: string, expr: string, what: string): AlertRule {
  return {
    name,
    expr,
    forSeconds: 300,
    severity: "warning",
    summary: `a process of TradeMaster has nearly all of ${what}`,
    description: `{{ $labels.job }} at {{ $labels.instance }} takes {{ $value | humanize }} percent of ${what}`,
    runbook: runbookOf(name),
    dashboard,
  };
}

export const tradeFailureRatio: AlertRule = {
  name: "TradeFailureRatio",
  expr: `sum(rate(trademaster_trade_requests_total{status="failed"}[5m])) / sum(rate(trademaster_trade_requests_total[5m])) > ${failedShare}`,
  forSeconds: 300,
  severity: "warning",
  summary: "orders cannot be traded",
  description: "{{ $value | humanizePercentage }} of the orders failed",
  runbook: runbookOf("TradeFailureRatio"),
  dashboard,
};

export const modelAccuracyLow: AlertRule = {
  name: "ModelAccuracyLow",
  expr: `avg by (model) (trademaster_model_accuracy) < ${accuracyLimit} and sum by (model) (trademaster_model_predictions_total) > 200`,
  forSeconds: 900,
  severity: "warning",
  summary: "a model is wrong more often than chance",
  description: "{{ $labels.model }} is right in {{ $value | humanizePercentage }} of its predictions",
  runbook: runbookOf("ModelAccuracyLow"),
  dashboard,
};
