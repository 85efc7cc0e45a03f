import { stringify } from "yaml";
import type { FileInput } from "../core/description";
import type { DashboardPlan } from "../core/plan-types";

const provisioning = "/etc/grafana/provisioning";
const dashboardFolder = `${provisioning}/dashboards`;

/** Name of the variable that Grafana takes Prometheus' address from. */
export const prometheusVariable = "PROMETHEUS_URL";

/** What Grafana reads at its start: Prometheus as its data source, and the dashboards. */
export function grafanaFiles(dashboards: readonly DashboardPlan[]): readonly FileInput[] {
  return [
    { path: `${provisioning}/datasources/prometheus.yml`, content: stringify(datasources) },
    { path: `${dashboardFolder}/files.yml`, content: stringify(providers) },
    ...dashboards.map(({ uid, model }) => ({
      path: `${dashboardFolder}/${uid}.json`,
      content: `${JSON.stringify(model, null, 2)}\n`,
    })),
  ];
}

const datasources = {
  apiVersion: 1,
  datasources: [
    {
      name: "Prometheus",
      uid: "prometheus",
      type: "prometheus",
      access: "proxy",
      url: `$${prometheusVariable}`,
      isDefault: true,
      editable: false,
      jsonData: { httpMethod: "POST", timeInterval: "15s" },
    },
  ],
};

const providers = {
  apiVersion: 1,
  providers: [
    {
      name: "files",
      type: "file",
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: dashboardFolder },
    },
  ],
};
