import { stringify } from "yaml";
import { grafanaDashboard } from "../../dashboards/grafana";
import { overview, overviewOf } from "../../dashboards/overview";
import {
  alertmanagerMetrics,
  alertmanagerPanels,
  prometheusMetrics,
  prometheusPanels,
} from "../../dashboards/prometheus";
import { ofSystem } from "../../dashboards/promql";
import { fromTable } from "../catalog/from-table";
import { hostPort } from "../catalog/host-port";
import { secretFile } from "../catalog/secret-file";
import type { ClosingView, Contribution } from "../core/description";
import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { type GrafanaOptions, grafanaFiles, prometheusVariable } from "./grafana";
import { describeGrafana, linksOf } from "./grafana-service";
import { connectDataSources, reachPlugins } from "./grafana-sources";
import type { Links } from "./links";
import { processMetrics } from "./process-metrics";
import { alertmanagerConfig, receiverPlaces, receiverSecrets } from "./receivers/config";
import { messageTemplates } from "./receivers/messages";
import type { Receivers } from "./receivers/settings";
import { type AlertGroup, hastened, ruleFile } from "./rules";
import { ownPlatform } from "./rules/platform";
import { serviceAlerts } from "./rules/service";
import { prometheusConfig } from "./scrape";

export interface MonitoringOptions {
  /** Days that samples are kept. @default 15 */
  readonly retentionDays?: number;
  /** Hours that they are kept, when days are too coarse; wins over the days. @default - none */
  readonly retentionHours?: number;
  /** Name of the group that the system's alerts are in, and of its rule file. @default - the system's name */
  readonly rules?: { readonly group: string; readonly file: string };
  /** Who is told of alerts. @default - nobody; Alertmanager's page shows them */
  readonly receivers?: Receivers;
  /**
   * For rehearsals: how much of the time is waited for which alerts have to hold, and between messages. Expressions stay as
   * they are. @default 1
   */
  readonly alertTimeScale?: number;
  /** Where that is which alerts lead to. @default - Grafana as `hostPortBase` has it, and nothing else */
  readonly links?: Links;
  /** What is added to ports on this machine, where Grafana has one. @default - it has none that is known */
  readonly hostPortBase?: number | undefined;
  /** Whether there is an Alertmanager; without one, alerts are seen in Prometheus alone. @default true */
  readonly alertmanager?: boolean;
  /** What Grafana shows besides, and how it looks for dashboards. */
  readonly grafana?: GrafanaOptions;
  /** Ports on this machine. @default 9090, 9093 and 3000 */
  readonly hostPorts?: { readonly prometheus?: number; readonly alertmanager?: number; readonly grafana?: number };
}

export interface Monitoring {
  readonly prometheus: ServiceHandle;
  /** Undefined where the options leave it out. */
  readonly alertmanager: ServiceHandle | undefined;
  readonly grafana: ServiceHandle;
}

const prometheusPort = 9090;
const alertmanagerPort = 9093;

/**
 * Prometheus, Alertmanager and Grafana beside a system. What they watch, which rules hold and which dashboards there are
 * follows from the statements of all its services, whether those come before or after this one.
 */
export function monitoring(system: SystemBuilder, options: MonitoringOptions = {}): Monitoring {
  const alertmanager = options.alertmanager === false ? undefined : describeAlertmanager(system, options);
  const prometheus = describePrometheus(system, options);
  const grafana = describeGrafana(system, options);
  if (alertmanager !== undefined) prometheus.connectsTo(alertmanager, { wait: "none" });
  grafana.connectsTo(prometheus, { env: ({ url }) => ({ [prometheusVariable]: url }), wait: "started" });
  connectDataSources(system, grafana, options.grafana);
  reachPlugins(grafana, options.grafana);

  system.dashboard(overview);
  prometheus.dashboard(
    grafanaDashboard({
      system: system.name,
      slug: "monitoring",
      title: "Monitoring",
      anchor: "prometheus_build_info",
      panels: [...prometheusPanels(ofSystem), ...(alertmanager === undefined ? [] : alertmanagerPanels(ofSystem))],
    }),
  );
  system.ownMonitoring(prometheus, grafana, ...(alertmanager === undefined ? [] : [alertmanager]));

  const rules = options.rules ?? { group: system.name, file: system.name };
  const { alertTimeScale = 1 } = options;
  system.onClose((view) => [
    {
      service: prometheus.name,
      ...watch(view, {
        ...{ system: system.name, prometheus, alertmanager, rules, alertTimeScale },
        links: linksOf(options, view.services.includes(grafana.name)),
      }),
    },
    { service: grafana.name, files: grafanaFiles(view.dashboards, options.grafana) },
  ]);
  return { prometheus, alertmanager, grafana };
}

function watch(
  view: ClosingView,
  around: {
    readonly system: string;
    readonly prometheus: ServiceHandle;
    readonly alertmanager: ServiceHandle | undefined;
    readonly rules: NonNullable<MonitoringOptions["rules"]>;
    readonly alertTimeScale: number;
    readonly links: Links;
  },
): Omit<Contribution, "service"> {
  const { system, prometheus, alertmanager, rules, alertTimeScale, links } = around;
  const config = prometheusConfig({
    system,
    scrapes: view.scrapes,
    prometheus: prometheus.name,
    alertmanager:
      alertmanager !== undefined && view.services.includes(alertmanager.name)
        ? `${alertmanager.name}:${alertmanagerPort}`
        : undefined,
    ruleFiles: "/etc/prometheus/alerts/*.yml",
  });
  const dashboard = overviewOf({ name: system, dashboards: view.dashboards });
  const alerts = (file: string, ...groups: readonly AlertGroup[]) => ({
    path: `/etc/prometheus/alerts/${file}.yml`,
    content: stringify(ruleFile(...groups.map((group) => hastened({ dashboard, links, ...group }, alertTimeScale)))),
  });
  return {
    files: [
      { path: "/etc/prometheus/prometheus.yml", content: stringify(config) },
      alerts(rules.file, { name: rules.group, alerts: view.alerts }),
      alerts("services", ...servicesOf(view)),
      alerts("platform", ...ownPlatform({ machine: view.scrapes.some(looksAtMachine) })),
    ],
    connections: view.scrapes
      .filter(({ service }) => service !== prometheus.name)
      .map(({ service, port }) => ({ to: service, port })),
  };
}

/** A group for each service that has metrics. */
function servicesOf({ system, scrapes, resources }: ClosingView): readonly AlertGroup[] {
  return scrapes.flatMap(({ service, names }) => {
    const own = resources[service];
    return own === undefined
      ? []
      : [{ name: service, alerts: serviceAlerts({ system, service, names, resources: own }) }];
  });
}

const looksAtMachine = ({ names }: ClosingView["scrapes"][number]): boolean => names.includes("node_cpu_seconds_total");

function describePrometheus(
  system: SystemBuilder,
  { retentionDays = 15, retentionHours, alertTimeScale = 1, hostPorts }: MonitoringOptions,
): ServiceHandle {
  const retention = retentionHours === undefined ? `${retentionDays}d` : `${retentionHours}h`;
  const { image, security, signal } = fromTable("prometheus");
  return system
    .service("prometheus", {
      kind: "stateful",
      image,
      args: [
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        `--storage.tsdb.retention.time=${retention}`,
        // Alertmanager takes an alert for over when it has not been sent for four times as long.
        ...(alertTimeScale === 1 ? [] : [`--rules.alert.resend-delay=${Math.ceil(60 * alertTimeScale)}s`]),
      ],
      security,
      ports: { http: { number: prometheusPort, ...hostPort({ hostPort: hostPorts?.prometheus ?? prometheusPort }) } },
      volumes: { data: { path: "/prometheus", sizeMiB: 8192 } },
      resources: { cpuMillis: { request: 200, limit: 1000 }, memoryMiB: { request: 256, limit: 1024 } },
      probes: { ready: { http: { port: "http", path: "/-/ready" }, periodSeconds: 5 } },
      shutdown: { signal },
      update: { order: "stopFirst" },
    })
    .metricsOn("http", { names: [...processMetrics, "up", "ALERTS", ...prometheusMetrics] });
}

function describeAlertmanager(
  system: SystemBuilder,
  { receivers = {}, alertTimeScale = 1, hostPorts }: MonitoringOptions,
): ServiceHandle {
  const { image, security, signal } = fromTable("alertmanager");
  const secrets = new Map(
    receiverSecrets(receivers).map(({ name, config, content = (secret) => secret }) => {
      const secret = system.secret(name.replace(/\..*$/, ""), { config });
      return [name, secretFile(system, "alertmanager", name, content(secret))];
    }),
  );
  const templateFile = "/etc/alertmanager/messages.tmpl";
  const config = alertmanagerConfig({
    receivers,
    secretFile: (name) => secrets.get(name) ?? "",
    templateFile,
    timeScale: alertTimeScale,
  });
  const alertmanager = system
    .service("alertmanager", {
      kind: "stateful",
      image,
      args: [
        "--config.file=/etc/alertmanager/alertmanager.yml",
        "--storage.path=/alertmanager",
        // There is one, which need not look for others.
        "--cluster.listen-address=",
      ],
      security,
      ports: {
        http: { number: alertmanagerPort, ...hostPort({ hostPort: hostPorts?.alertmanager ?? alertmanagerPort }) },
      },
      files: [
        { path: "/etc/alertmanager/alertmanager.yml", content: stringify(config) },
        { path: templateFile, content: messageTemplates },
      ],
      volumes: { data: { path: "/alertmanager", sizeMiB: 64 } },
      resources: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: 64, limit: 128 } },
      probes: { ready: { http: { port: "http", path: "/-/ready" }, periodSeconds: 5 } },
      shutdown: { signal },
      update: { order: "stopFirst" },
    })
    .metricsOn("http", { names: [...processMetrics, ...alertmanagerMetrics] });
  return receiverPlaces(receivers).reduce((handle, place) => handle.reaches(place), alertmanager);
}
