import { clusterBoards } from "../../../dashboards/cluster";
import { clusterItself, systemOfNamespace } from "../cluster/system-of-namespace";
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
const { overview, nodes, workloads, api, monitoring } = clusterBoards;

/** What is held of the monitoring beside one system, and of the machine where something looks at it. */
export function ownPlatform({ machine }: { readonly machine: boolean }): readonly AlertGroup[] {
  return [
    general,
    { name: "prometheus", alerts: prometheusAlerts },
    { name: "alertmanager", alerts: alertmanagerAlerts },
    ...(machine ? [node] : []),
  ];
}

const clusterGroups: readonly AlertGroup[] = [
  { ...general, dashboard: overview },
  { name: "prometheus", dashboard: monitoring, alerts: [...prometheusAlerts, ...clusterPrometheusAlerts] },
  { name: "alertmanager", dashboard: monitoring, alerts: [...alertmanagerAlerts, ...alertmanagerClusterAlerts] },
  { name: "prometheus-operator", dashboard: monitoring, alerts: operatorAlerts },
  { name: "kube-state-metrics", dashboard: monitoring, alerts: kubeStateMetricsAlerts },
  { name: "kubernetes-apps", dashboard: workloads, alerts: kubernetesAppAlerts },
  { name: "kubernetes-resources", dashboard: overview, alerts: kubernetesResourceAlerts },
  { name: "kubernetes-storage", dashboard: workloads, alerts: kubernetesStorageAlerts },
  { name: "kubernetes-system", dashboard: api, alerts: kubernetesSystemAlerts },
  { ...node, dashboard: nodes },
];

/** Those whose alerts are about something in a namespace. */
const ofNamespaces = ["general", "kubernetes-apps", "kubernetes-resources", "kubernetes-storage"];

/** What is held of a cluster and of its monitoring; each alert is of a system, or of the cluster itself. */
export const clusterPlatform: readonly AlertGroup[] = clusterGroups.map((group) => ({
  ...group,
  labels: ofNamespaces.includes(group.name) ? systemOfNamespace : { system: clusterItself },
}));
