import type { External } from "../../core/connect";
import { byDeadMan, type Integration, integrationsOf, type ReceiverSecret, templateEnding } from "./integrations";
import type { Receivers, Severity } from "./settings";

export interface AlertmanagerOptions {
  readonly receivers: Receivers;
  /** Where Alertmanager finds a file with a secret, by the secret's name. */
  secretFile(name: string): string;
  /** Where Alertmanager finds `messageTemplates`. */
  readonly templateFile: string;
  /** How much of the time that messages wait is waited. @default 1 */
  readonly timeScale?: number;
}

/** Alert that is always on, so that its absence tells that alerting itself has ended. */
const watchdog = "Watchdog";

/** How alerts of a severity are told, in seconds. */
interface Timing {
  readonly severity: Severity;
  /** Wait before the first message of a group, for others that come with it. */
  readonly wait: number;
  /** Least time between messages about one group. */
  readonly interval: number;
  /** After which an alert that is still on is told again. */
  readonly repeat: number;
}

const hour = 3600;
const timings: readonly Timing[] = [
  { severity: "critical", wait: 0, interval: 60, repeat: hour },
  { severity: "warning", wait: 30, interval: 300, repeat: 4 * hour },
  { severity: "info", wait: 300, interval: hour, repeat: 24 * hour },
];

/** What is told as one message: an alert of a service, however many of its instances have it. */
const group = ["system", "service", "alertname"];

/** Where alerts end that nobody is to be told of; Alertmanager's page shows them. */
const page = "page";
const deadManReceiver = "dead-man";

/** A worse alert about the same thing hides a lesser one, and that a node is out of reach hides that it is not ready. */
const inhibitRules = [
  { source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'], equal: group },
  { source_matchers: ['severity="warning"'], target_matchers: ['severity="info"'], equal: group },
  {
    source_matchers: ['alertname="KubeNodeUnreachable"'],
    target_matchers: ['alertname=~"KubeNodeNotReady|KubeNodeReadinessFlapping"'],
    equal: ["node"],
  },
];

/**
 * Alertmanager's configuration, the same wherever it runs: plain data without a secret, to be written as YAML. Each severity
 * has its timing, and below it a route for each receiver that wants it.
 */
export function alertmanagerConfig({
  receivers,
  secretFile,
  templateFile,
  timeScale = 1,
}: AlertmanagerOptions): object {
  const integrations = integrationsOf(receivers);
  const duration = (seconds: number): string => `${Math.ceil(seconds * timeScale)}s`;
  const { deadMan } = receivers;
  const everySeconds = deadMan?.everySeconds ?? 60;
  return {
    route: {
      receiver: page,
      group_by: group,
      routes: [
        {
          receiver: deadMan === undefined ? page : deadManReceiver,
          matchers: [`alertname="${watchdog}"`],
          group_wait: "0s",
          group_interval: `${everySeconds}s`,
          repeat_interval: `${everySeconds}s`,
        },
        ...timings.map(({ severity, wait, interval, repeat }) => ({
          receiver: page,
          matchers: [`severity="${severity}"`],
          group_wait: duration(wait),
          group_interval: duration(interval),
          repeat_interval: duration(repeat),
          routes: integrations
            .filter(({ severities }) => severities.includes(severity))
            .map(({ name, systems }) => ({
              receiver: name,
              ...(systems === undefined ? {} : { matchers: [`system=~"${systems.join("|")}"`] }),
              continue: true,
            })),
        })),
      ],
    },
    inhibit_rules: inhibitRules,
    receivers: [
      { name: page },
      ...integrations.map((each) => ({ name: each.name, ...configured(each, secretFile) })),
      ...(deadMan === undefined ? [] : [{ name: deadManReceiver, ...configured(byDeadMan(deadMan), secretFile) }]),
    ],
    templates: [
      templateFile,
      ...receiverSecrets(receivers).flatMap(({ name }) => (name.endsWith(templateEnding) ? [secretFile(name)] : [])),
    ],
  };
}

/** The secrets that the receivers need, each as a file. */
export function receiverSecrets(receivers: Receivers): readonly ReceiverSecret[] {
  return everybody(receivers).flatMap(({ secret }) => secret ?? []);
}

/** The only places that Alertmanager has to reach, each once. */
export function receiverPlaces(receivers: Receivers): readonly External[] {
  const places = everybody(receivers).map(({ reaches }) => reaches);
  return [...new Map(places.map((place) => [`${place.host}:${place.port}`, place])).values()];
}

function everybody(receivers: Receivers): readonly Pick<Integration, "secret" | "reaches">[] {
  return [...integrationsOf(receivers), ...(receivers.deadMan === undefined ? [] : [byDeadMan(receivers.deadMan)])];
}

function configured(
  { settings, secret }: Pick<Integration, "settings" | "secret">,
  secretFile: AlertmanagerOptions["secretFile"],
): object {
  return settings(secret === undefined ? "" : secretFile(secret.name));
}
