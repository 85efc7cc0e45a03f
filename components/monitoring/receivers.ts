import type { AlertRule } from "../core/spec";

type Severity = AlertRule["severity"];

/** Where alerts go: to a program that takes Alertmanager's JSON by HTTP, or nowhere beyond Alertmanager's own page. */
export type Receiver = { readonly webhook: { readonly url: string } } | { readonly page: true };

/** How alerts of a severity are told. */
interface Telling {
  readonly severity: Severity;
  /** What is told as one message. */
  readonly groupBy: readonly string[];
  /** Wait before the first message of a group, for others that come with it. */
  readonly groupWait: string;
  /** Least time between messages about one group. */
  readonly groupInterval: string;
  /** After which an alert that is still on is told again. */
  readonly repeatInterval: string;
}

/** Critical alerts at once and each for itself; warnings gathered. */
const tellings: readonly Telling[] = [
  {
    severity: "critical",
    groupBy: ["alertname", "service"],
    groupWait: "0s",
    groupInterval: "1m",
    repeatInterval: "1h",
  },
  { severity: "warning", groupBy: ["severity"], groupWait: "30s", groupInterval: "5m", repeatInterval: "4h" },
  { severity: "info", groupBy: ["severity"], groupWait: "5m", groupInterval: "1h", repeatInterval: "24h" },
];

/** Alertmanager's configuration: one route and one receiver for each severity. Plain data, to be written as YAML. */
export function alertmanagerConfig(receiver: Receiver): object {
  return {
    route: {
      receiver: "warning",
      routes: tellings.map(({ severity, groupBy, groupWait, groupInterval, repeatInterval }) => ({
        receiver: severity,
        matchers: [`severity="${severity}"`],
        group_by: groupBy,
        group_wait: groupWait,
        group_interval: groupInterval,
        repeat_interval: repeatInterval,
      })),
    },
    receivers: tellings.map(({ severity }) => ({ name: severity, ...integration(receiver) })),
  };
}

function integration(receiver: Receiver): object {
  return "webhook" in receiver ? { webhook_configs: [{ url: receiver.webhook.url, send_resolved: true }] } : {};
}
