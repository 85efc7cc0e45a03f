import type { AlertRule } from "../../components/core/spec";
import { runbookOf } from "../../components/monitoring/runbooks";

/** Seconds after which a quote is out of date. */
export const staleSeconds = 120;

export const quotesStale: AlertRule = {
  name: "QuotesStale",
  expr: `time() - moex_stock_last_price_timestamp_seconds > ${staleSeconds}`,
  forSeconds: 30,
  severity: "warning",
  summary: "quotes are out of date",
  description: "the last quote of {{ $labels.ticker }} is {{ $value | humanizeDuration }} old",
  runbook: runbookOf("QuotesStale"),
  dashboard: "metrics-examples-quotes-prometheus",
};

/** By how much of the price a store differs from Prometheus, for quotes of the same turn alone. */
const difference =
  "abs(moex_store_price / on (ticker) group_left () moex_stock_last_price - 1)" +
  " and (moex_store_price_timestamp_seconds == on (ticker) group_left () moex_stock_last_price_timestamp_seconds)";

/** How far a store is behind Prometheus. */
const behind =
  "-(moex_store_price_timestamp_seconds - on (ticker) group_left () moex_stock_last_price_timestamp_seconds)";

/** The stores differ on a quote, or one of them has none of what another one has. */
export function storeDisagreement(percent: number): AlertRule {
  return {
    name: "StoreDisagreement",
    // a quote lasts for half a minute, so that a look at now would forget the difference with the next one
    expr: `max_over_time((${difference})[2m:15s]) > ${Math.max(percent / 100, 1e-9)} or (${behind}) > ${staleSeconds}`,
    forSeconds: 60,
    severity: "warning",
    summary: "the stores show different prices",
    description: "{{ $labels.store }} and Prometheus do not agree on {{ $labels.ticker }}",
    runbook: runbookOf("StoreDisagreement"),
    dashboard: "metrics-examples-comparison",
  };
}
