import type { AlertRule } from "../core/spec";
import { type Links, linkTo } from "./links";

/** Alerts that belong together, evaluated one after the other. */
export interface AlertGroup {
  readonly name: string;
  /** Each with the service that it is stated of, where that is one. */
  readonly alerts: readonly (AlertRule & { readonly service?: string })[];
  /** Uid of the dashboard that alerts lead to which do not say where else. @default - none */
  readonly dashboard?: string | undefined;
  /** Where dashboards and runbooks are. @default - their paths alone */
  readonly links?: Links | undefined;
  /** What every alert gets, where Prometheus itself does not add it. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Prometheus' rule file; the same body goes into a PrometheusRule. Plain data, to be written as YAML. */
export function ruleFile(...groups: readonly AlertGroup[]): object {
  return {
    groups: groups.map(({ name, alerts, ...common }) => ({
      name,
      rules: alerts.map((alert) => rule(alert, common)),
    })),
  };
}

/** The alerts as they are when they have to hold, and stay, for a share of their time only; expressions stay. */
export function hastened({ alerts, ...group }: AlertGroup, timeScale: number): AlertGroup {
  const share = (seconds: number): number => Math.ceil(seconds * timeScale);
  return {
    ...group,
    alerts: alerts.map(({ keepFiringSeconds: kept, ...alert }) => ({
      ...alert,
      forSeconds: share(alert.forSeconds),
      ...(kept === undefined ? {} : { keepFiringSeconds: share(kept) }),
    })),
  };
}

function rule(alert: AlertGroup["alerts"][number], common: Pick<AlertGroup, "dashboard" | "labels" | "links">): object {
  const { name, expr, forSeconds, keepFiringSeconds, severity, service, labels } = alert;
  const { summary, description, runbook, dashboard = common.dashboard } = alert;
  const { grafana, project } = common.links ?? {};
  return {
    alert: name,
    expr,
    for: duration(forSeconds),
    ...(keepFiringSeconds === undefined ? {} : { keep_firing_for: duration(keepFiringSeconds) }),
    labels: { ...common.labels, ...(service === undefined ? {} : { service }), ...labels, severity },
    annotations: {
      summary,
      ...(description === undefined ? {} : { description }),
      ...(runbook === undefined ? {} : { runbook_url: linkTo(project, runbook) }),
      ...(dashboard === undefined ? {} : { dashboard_url: linkTo(grafana, `/d/${dashboard}`) }),
    },
  };
}

/** As people write it: whole minutes as minutes. */
function duration(seconds: number): string {
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
