import { monitorOf } from "./monitor";
import type { ClusterMonitoringOptions } from "./options";
import { imageOf, userOf } from "./options";
import { accountOf, type ClusterObject, clusterRights, type Right } from "./objects";
import { deploymentOf, httpProbe, serviceOf } from "./pods";
import { namespaceLabels } from "./system-of-namespace";

export const statePorts = { metrics: 8080, telemetry: 8081 };
const part = "kube-state-metrics";

/** What it tells of. Secrets and ConfigMaps are not among it, and so it has no right to read them. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  "": [
    ...["limitranges", "namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods"],
    ...["replicationcontrollers", "resourcequotas", "services"],
  ],
  apps: ["daemonsets", "deployments", "replicasets", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["cronjobs", "jobs"],
  "networking.k8s.io": ["ingresses", "networkpolicies"],
  policy: ["poddisruptionbudgets"],
  "storage.k8s.io": ["storageclasses"],
};

/** The state of the cluster's objects as metrics. */
export function stateObjects(options: ClusterMonitoringOptions): readonly ClusterObject[] {
  const { namespace } = options;
  const rights = Object.entries(kinds).map(
    ([group, resources]): Right => ({ apiGroups: [group], resources, verbs: ["list", "watch"] }),
  );
  return [
    accountOf(namespace, part),
    ...clusterRights(namespace, part, rights),
    deploymentOf(
      namespace,
      {
        part,
        user: userOf("kubeStateMetrics"),
        token: true,
        containers: [
          {
            name: part,
            image: imageOf("kubeStateMetrics", options),
            args: [
              `--port=${statePorts.metrics}`,
              `--telemetry-port=${statePorts.telemetry}`,
              `--resources=${Object.values(kinds).flat().sort().join(",")}`,
              `--metric-labels-allowlist=namespaces=[${namespaceLabels.join(",")}]`,
            ],
            ports: statePorts,
            amounts: options.small ? { cpu: [10, 200], memory: [48, 192] } : { cpu: [50, 500], memory: [192, 512] },
            ready: httpProbe("telemetry", "/readyz"),
            live: httpProbe("metrics", "/livez"),
          },
        ],
      },
      "two of it would count everything twice",
    ),
    serviceOf(namespace, part, statePorts),
    monitorOf(options, part, "metrics", { honorLabels: true }),
    monitorOf(options, part, "telemetry", {
      name: "kube-state-metrics-telemetry",
      relabelings: [{ targetLabel: "job", replacement: "kube-state-metrics-itself" }],
    }),
  ];
}
