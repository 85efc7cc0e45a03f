import type { AlertRule } from "../core/spec";

/**
 * Prometheus' rule file with one group; the same body goes into a PrometheusRule. Plain data, to be written as YAML. Every alert
 * gets the labels, where Prometheus itself does not add them.
 */
export function ruleFile(
  group: string,
  alerts: readonly AlertRule[],
  labels: Readonly<Record<string, string>> = {},
): object {
  return { groups: [{ name: group, rules: alerts.map((alert) => rule(alert, labels)) }] };
}

/** The alert as it is when it has to hold for a share of its time only; the expression stays. */
export function hastened(alert: AlertRule, timeScale: number): AlertRule {
  return { ...alert, forSeconds: Math.ceil(alert.forSeconds * timeScale) };
}

function rule(
  { name, expr, forSeconds, severity, summary, description, runbook }: AlertRule,
  labels: Readonly<Record<string, string>>,
): object {
  return {
    alert: name,
    expr,
    for: duration(forSeconds),
    labels: { severity, ...labels },
    annotations: {
      summary,
      ...(description === undefined ? {} : { description }),
      ...(runbook === undefined ? {} : { runbook_url: runbook }),
    },
  };
}

/** As people write it: whole minutes as minutes. */
function duration(seconds: number): string {
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
