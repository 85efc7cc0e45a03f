import { stringify } from "yaml";
import type { FileInput } from "../core/description";
import type { DashboardPlan } from "../core/plan-types";
import { type DataSource, dataSourceFiles } from "./grafana-sources";
import type { Links } from "./links";

const provisioning = "/etc/grafana/provisioning";
const dashboardFolder = `${provisioning}/dashboards`;

/** Name of the variable that Grafana takes Prometheus' address from. */
export const prometheusVariable = "PROMETHEUS_URL";

export interface GrafanaOptions {
  /** Stores beside Prometheus that panels may read. @default - none */
  readonly dataSources?: readonly DataSource[];
  /** Plugins that Grafana fetches from grafana.com when it starts, each `name` or `name version`. @default - none */
  readonly plugins?: readonly string[];
  /** How dashboards are looked for: all in the root folder. @default - each 10 s, and people cannot delete them */
  readonly provider?: { readonly name: string; readonly rescanSeconds: number; readonly deletable: boolean };
}

/** What Grafana is told wherever it runs: nobody signs up by himself, nothing is told to others, and it knows where it is. */
export function grafanaVariables({
  passwordFile,
  links = {},
  own,
}: {
  readonly passwordFile: string;
  readonly links?: Links | undefined;
  /** What only this one is told. */
  readonly own: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  return {
    GF_SECURITY_ADMIN_USER: "admin",
    GF_SECURITY_ADMIN_PASSWORD__FILE: passwordFile,
    GF_USERS_ALLOW_SIGN_UP: "false",
    ...own,
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_LOG_MODE: "console",
    ...(links.grafana === undefined ? {} : { GF_SERVER_ROOT_URL: links.grafana }),
  };
}

/** What Grafana reads at its start: its data sources, Prometheus first, and the dashboards. */
export function grafanaFiles(
  dashboards: readonly DashboardPlan[],
  { dataSources = [], provider }: GrafanaOptions = {},
): readonly FileInput[] {
  return [
    {
      path: `${provisioning}/datasources/prometheus.yml`,
      content: stringify(prometheusSource(`$${prometheusVariable}`, "15s")),
    },
    ...dataSourceFiles(dataSources, `${provisioning}/datasources`),
    { path: `${dashboardFolder}/files.yml`, content: stringify(providers(provider)) },
    ...dashboards.map(({ uid, model }) => ({
      path: `${dashboardFolder}/${uid}.json`,
      content: `${JSON.stringify(model, null, 2)}\n`,
    })),
  ];
}

/** Grafana's file that names Prometheus; the interval is that at which most is scraped. Plain data, to be written as YAML. */
export function prometheusSource(url: string, timeInterval: string): object {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: "Prometheus",
        uid: "prometheus",
        type: "prometheus",
        access: "proxy",
        url,
        isDefault: true,
        editable: false,
        jsonData: { httpMethod: "POST", timeInterval },
      },
    ],
  };
}

const providers = (given: GrafanaOptions["provider"]): object => ({
  apiVersion: 1,
  providers: [
    {
      name: given?.name ?? "files",
      type: "file",
      disableDeletion: given?.deletable !== true,
      allowUiUpdates: false,
      options: { path: dashboardFolder },
      ...(given === undefined ? {} : { orgId: 1, folder: "", updateIntervalSeconds: given.rescanSeconds }),
    },
  ],
});
