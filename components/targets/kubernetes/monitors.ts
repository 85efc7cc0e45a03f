import { overviewOf } from "../../../dashboards/overview";
import type { ServicePlan } from "../../core/plan-types";
import { podsName } from "../../core/pods-name";
import { hastened, ruleFile } from "../../monitoring/rules";
import { serviceAlerts } from "../../monitoring/rules/service";
import { jobOf } from "../../monitoring/scrape";
import { type Around, isLasting } from "./around";
import type { ConfigMapManifest, PrometheusRuleManifest, ServiceMonitorManifest } from "./model";
import { labelsOf, metadataOf, selectorOf, sharedName } from "./names";

/** Whoever shows dashboards finds them by it. */
export const dashboardLabel = "grafana_dashboard";

/** More than any service of the catalogue has; who grows beyond it is left out as a whole, and an alert says so. */
const samplesOfOne = 20_000;

/** How the cluster's Prometheus is to read the metrics of a service: from each pod, under the labels that Docker gives. */
export function monitorOf(service: ServicePlan, { plan, options }: Around): readonly ServiceMonitorManifest[] {
  const { metrics, name } = service;
  if (plan.monitoring !== "cluster" || metrics === undefined || !isLasting(service)) return [];
  const { port, path, intervalSeconds, timeoutSeconds } = metrics;
  const constant = (targetLabel: string, replacement: string) => ({ targetLabel, replacement });
  return [
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: metadataOf({ plan, options }, name),
      spec: {
        selector: selectorOf(name),
        sampleLimit: samplesOfOne,
        endpoints: [
          {
            port,
            path,
            interval: `${intervalSeconds}s`,
            scrapeTimeout: `${timeoutSeconds}s`,
            relabelings: [
              // both Services of it are selected, and one of them is enough
              { action: "keep", sourceLabels: ["__meta_kubernetes_service_name"], regex: podsName(name) },
              constant("job", jobOf(name)),
              constant("service", name),
              constant("system", plan.name),
            ],
          },
        ],
      },
    },
  ];
}

/** The alerts of a service, as Docker has them in files: those that are stated, and those that every service has. */
export function rulesOf(service: ServicePlan, { plan, options }: Around): readonly PrometheusRuleManifest[] {
  const { name, metrics, resources } = service;
  const common =
    metrics === undefined || !isLasting(service)
      ? []
      : serviceAlerts({ system: plan.name, service: name, names: metrics.names, resources });
  const alerts = [...service.alerts, ...common];
  if (plan.monitoring !== "cluster" || alerts.length === 0) return [];
  const group = {
    name: `${plan.name} ${name}`,
    alerts,
    dashboard: overviewOf(plan),
    links: options.links,
    labels: { system: plan.name, service: name },
  };
  return [
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: metadataOf({ plan, options }, name),
      spec: ruleFile(hastened(group, options.alertTimeScale)),
    },
  ];
}

/** The dashboards of a system, each where the cluster's Grafana finds it. */
export function dashboardsOf({ plan, options }: Around): readonly ConfigMapManifest[] {
  if (plan.monitoring !== "cluster") return [];
  return plan.dashboards.map(({ uid, model }) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: sharedName(`dashboard-${uid.toLowerCase().replaceAll("_", "-")}`),
      namespace: options.namespace,
      labels: { ...labelsOf(plan.name), [dashboardLabel]: "1" },
    },
    data: { [`${uid}.json`]: `${JSON.stringify(model)}\n` },
  }));
}
