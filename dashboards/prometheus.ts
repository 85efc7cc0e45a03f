import type { Panel } from "./grafana";
import { figure, graph } from "./panels";
import { type Chosen, share } from "./promql";
import { redPanels } from "./red";

/** How Prometheus fares: what it keeps, whether rules work, and how it answers. */
export function prometheusPanels(chosen: Chosen): readonly Panel[] {
  const { of, rate, grown } = chosen;
  const total = (expression: string): string => `sum(${expression})`;
  return [
    figure({ title: "Series", description: "In memory.", unit: "short" }, total(of("prometheus_tsdb_head_series"))),
    figure(
      { title: "Samples", description: "Taken in, a second.", unit: "wps" },
      total(rate("prometheus_tsdb_head_samples_appended_total")),
    ),
    figure(
      { title: "Rules that failed", description: "In the time that is shown.", unit: "short", alarmAbove: 1 },
      total(grown("prometheus_rule_evaluation_failures_total")),
    ),
    figure(
      {
        title: "Configuration",
        description: "1 when what was last given could be read; else the one before goes on.",
        unit: "short",
      },
      `min(${of("prometheus_config_last_reload_successful")})`,
    ),
    graph(
      { title: "Rule evaluations", description: "A second.", unit: "ops" },
      { "{{instance}}": `sum by (instance) (${rate("prometheus_rule_evaluations_total")})` },
    ),
    ...redPanels(chosen, {
      requests: "prometheus_http_requests_total",
      failed: 'code=~"5.."',
      seconds: "prometheus_http_request_duration_seconds",
    }),
  ];
}

/** How Alertmanager fares: what it holds, and whether those who are to be told are. */
export function alertmanagerPanels({ of, rate, grown }: Chosen): readonly Panel[] {
  return [
    figure(
      {
        title: "Alerts held",
        description: "Active ones, by the Alertmanager that has most.",
        unit: "short",
        width: 12,
      },
      `max(sum by (instance) (${of("alertmanager_alerts", 'state="active"')}))`,
    ),
    figure(
      {
        title: "Messages that failed",
        description: "In the time that is shown.",
        unit: "short",
        alarmAbove: 1,
        width: 12,
      },
      `sum(${grown("alertmanager_notifications_failed_total")})`,
    ),
    graph(
      {
        title: "Lost messages",
        description: "Share of what Prometheus was to tell Alertmanager.",
        unit: "percentunit",
      },
      {
        lost: share(
          `sum(${rate("prometheus_notifications_errors_total")})`,
          `sum(${rate("prometheus_notifications_sent_total")})`,
        ),
      },
    ),
    graph(
      { title: "Messages", description: "To those who are told, a second.", unit: "ops" },
      { "{{integration}}": `sum by (integration) (${rate("alertmanager_notifications_total")})` },
    ),
  ];
}

/** What those panels read. */
export const prometheusMetrics: readonly string[] = [
  "prometheus_tsdb_head_series",
  "prometheus_tsdb_head_samples_appended_total",
  "prometheus_rule_evaluation_failures_total",
  "prometheus_rule_evaluations_total",
  "prometheus_config_last_reload_successful",
  "prometheus_notifications_errors_total",
  "prometheus_notifications_sent_total",
  "prometheus_http_requests_total",
  "prometheus_http_request_duration_seconds_bucket",
];

/** What those of Alertmanager read. */
export const alertmanagerMetrics: readonly string[] = [
  "alertmanager_alerts",
  "alertmanager_notifications_total",
  "alertmanager_notifications_failed_total",
];
