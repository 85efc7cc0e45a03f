import { canonical } from "../../core/canonical";
import type { SecretPlan } from "../../core/plan-types";
import { alertmanagerObjects, alertmanagerSecrets } from "./alertmanager";
import { grafanaObjects, grafanaSecret, whyNoGrafana } from "./grafana";
import { stateObjects } from "./kube-state-metrics";
import { monitorOf } from "./monitor";
import { nodeExporterObjects } from "./node-exporter";
import { type ClusterObject, labels, object } from "./objects";
import { operatorObjects } from "./operator";
import { nameLabel } from "../../targets/kubernetes/names";
import { agentNamespace, type ClusterMonitoringOptions } from "./options";
import { policyObjects } from "./policies";
import { prometheusObjects } from "./prometheus";
import { ruleObjects } from "./rules";

/** The monitoring of a cluster as Kubernetes objects: plain data, deterministic and sorted. */
export interface ClusterMonitoringModel {
  readonly namespace: string;
  /** In the order in which they are to be applied; the definitions of the operator's kinds come before them. */
  readonly objects: readonly ClusterObject[];
  /** What the Secrets refer to. */
  readonly secrets: readonly SecretPlan[];
  /** Parts that cannot run here, with the reason. They are not among the objects. */
  readonly omitted: Readonly<Record<string, string>>;
}

/** Kinds in the order of need: whatever pods need is there before them. */
const order = [
  ...[
    "Namespace",
    "LimitRange",
    "NetworkPolicy",
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
  ],
  ...["ConfigMap", "Secret", "PersistentVolumeClaim", "Service", "Deployment", "DaemonSet", "PodDisruptionBudget"],
  ...["Prometheus", "Alertmanager", "ServiceMonitor", "PrometheusRule"],
];

/** Describes the monitoring of a cluster: Prometheus twice, Alertmanager three times, and what they look at. */
export function clusterMonitoring(options: ClusterMonitoringOptions): ClusterMonitoringModel {
  const { namespace } = options;
  const noGrafana = whyNoGrafana(options);
  const isThere = ({ metadata }: ClusterObject): boolean =>
    noGrafana === undefined || metadata.labels[nameLabel] !== "grafana";
  const objects = [
    namespaceOf(namespace, "restricted"),
    namespaceOf(
      agentNamespace(namespace),
      "privileged",
      "node-exporter is privileged: it tells of the node's network and file systems, and so has the first and sees the second",
    ),
    ...[namespace, agentNamespace(namespace)].map(limitsOf),
    ...policyObjects(options),
    ...operatorObjects(options),
    ...prometheusObjects(options),
    ...alertmanagerObjects(options),
    ...stateObjects(options),
    ...nodeExporterObjects(options),
    ...grafanaObjects(options),
    monitorOf(options, "coredns", "metrics", { namespace: "kube-system", selector: { "k8s-app": "kube-dns" } }),
    ...ruleObjects(options),
  ];
  const key = ({ kind, metadata }: ClusterObject): string =>
    [String(order.indexOf(kind)).padStart(2, "0"), metadata.namespace ?? "", metadata.name].join(" ");
  return canonical({
    namespace,
    objects: objects.filter(isThere).sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    secrets: [...alertmanagerSecrets(options), ...(noGrafana === undefined ? [grafanaSecret] : [])],
    omitted: noGrafana === undefined ? {} : { grafana: noGrafana },
  });
}

/** What a container gets that says nothing, such as one that somebody adds by hand. */
function limitsOf(namespace: string): ClusterObject {
  const meta = { name: "all.limits", namespace, labels: labels() };
  const limit = {
    type: "Container",
    default: { cpu: "200m", memory: "128Mi" },
    defaultRequest: { cpu: "10m", memory: "32Mi" },
  };
  return object("v1", "LimitRange", meta, { spec: { limits: [limit] } });
}

function namespaceOf(name: string, level: string, because?: string): ClusterObject {
  return object(
    "v1",
    "Namespace",
    {
      name,
      labels: {
        ...labels(),
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/enforce-version": "latest",
      },
      ...(because === undefined ? {} : { annotations: { "twofold.pod-security": because } }),
    },
    {},
  );
}
