import type { AlertGroup } from "../rules";
import { alertmanagerAlerts, alertmanagerClusterAlerts } from "./alertmanager";
import { generalAlerts } from "./general";
import { kubeStateMetricsAlerts } from "./kube-state-metrics";
import { kubernetesAppAlerts } from "./kubernetes-apps";
import { kubernetesResourceAlerts } from "./kubernetes-resources";
import { kubernetesStorageAlerts } from "./kubernetes-storage";
import { kubernetesSystemAlerts } from "./kubernetes-system";
import { nodeAlerts } from "./node";
import { operatorAlerts } from "./operator";
import { clusterPrometheusAlerts, prometheusAlerts } from "./prometheus";

const general: AlertGroup = { name: "general", alerts: generalAlerts };
const node: AlertGroup = { name: "node", alerts: nodeAlerts };

/** What is held of the monitoring beside one system, and of the machine where something looks at it. */
export function ownPlatform({ machine }: { readonly machine: boolean }): readonly AlertGroup[] {
  return [
    general,
    { name: "prometheus", alerts: prometheusAlerts },
    { name: "alertmanager", alerts: alertmanagerAlerts },
    ...(machine ? [node] : []),
  ];
}

/** What is held of a cluster and of its monitoring. */
export const clusterPlatform: readonly AlertGroup[] = [
  general,
  { name: "prometheus", alerts: [...prometheusAlerts, ...clusterPrometheusAlerts] },
  { name: "alertmanager", alerts: [...alertmanagerAlerts, ...alertmanagerClusterAlerts] },
  { name: "prometheus-operator", alerts: operatorAlerts },
  { name: "kube-state-metrics", alerts: kubeStateMetricsAlerts },
  { name: "kubernetes-apps", alerts: kubernetesAppAlerts },
  { name: "kubernetes-resources", alerts: kubernetesResourceAlerts },
  { name: "kubernetes-storage", alerts: kubernetesStorageAlerts },
  { name: "kubernetes-system", alerts: kubernetesSystemAlerts },
  node,
];
