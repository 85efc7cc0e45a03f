import type { ServicePlan } from "../../core/plan-types";
import { podsName } from "../../core/pods-name";
import { hastened, ruleFile } from "../../monitoring/rules";
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

/** The alerts of a service, as Docker has them in a file. */
export function rulesOf(service: ServicePlan, { plan, options }: Around): readonly PrometheusRuleManifest[] {
  if (plan.monitoring !== "cluster" || service.alerts.length === 0) return [];
  return [
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: metadataOf({ plan, options }, service.name),
      spec: ruleFile(
        `${plan.name} ${service.name}`,
        service.alerts.map((alert) => hastened(alert, options.alertTimeScale)),
        { system: plan.name },
      ),
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
