import { confined } from "../../targets/kubernetes/confinement";
import { monitorOf } from "./monitor";
import type { ClusterMonitoringOptions } from "./options";
import { agentNamespace, imageOf, userOf } from "./options";
import { accountOf, type ClusterObject, labels, metadata, object } from "./objects";
import { podSecurity, resourcesOf, serviceOf } from "./pods";

export const nodeExporterPort = 9100;
const part = "node-exporter";

/**
 * The figures of each node. It has the network of its node, of which it tells, and sees the node's files; so it is the one part
 * that Pod Security would not admit elsewhere, and has a namespace of its own. It has neither rights nor capabilities.
 */
export function nodeExporterObjects(options: ClusterMonitoringOptions): readonly ClusterObject[] {
  const namespace = agentNamespace(options.namespace);
  return [
    accountOf(namespace, part),
    object(
      "apps/v1",
      "DaemonSet",
      { ...metadata(namespace, part), annotations: knownly },
      {
        spec: {
          selector: { matchLabels: { "app.kubernetes.io/name": part } },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
          template: {
            metadata: { labels: labels(part) },
            spec: {
              serviceAccountName: part,
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              hostNetwork: true,
              priorityClassName: "system-node-critical",
              terminationGracePeriodSeconds: 5,
              securityContext: podSecurity(userOf("nodeExporter")),
              // what a node is tainted with is no reason not to look at it, but an object alone has nothing to see
              tolerations: [{ operator: "Exists" }],
              affinity: {
                nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: real } },
              },
              containers: [container(options)],
              volumes: [{ name: "root", hostPath: { path: "/" } }],
            },
          },
        },
      },
    ),
    serviceOf(namespace, part, { metrics: nodeExporterPort }),
    monitorOf(options, part, "metrics", {
      namespace,
      relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
    }),
  ];
}

const knownly = { "kube-score/ignore": "container-image-pull-policy,pod-probes-identical" };
const real = [{ matchExpressions: [{ key: "twofold.dev/simulated", operator: "DoesNotExist" }] }];

function container(options: ClusterMonitoringOptions) {
  const answers = { httpGet: { port: "metrics", path: "/" }, periodSeconds: 15, timeoutSeconds: 5 };
  return {
    name: part,
    image: imageOf("nodeExporter", options),
    args: [
      // on the node's own address, which no NetworkPolicy guards
      `--web.listen-address=$(NODE_ADDRESS):${nodeExporterPort}`,
      "--path.rootfs=/host/root",
      "--path.procfs=/host/root/proc",
      "--path.sysfs=/host/root/sys",
      ...["hwmon", "systemd", "wifi"].map((collector) => `--no-collector.${collector}`),
      "--collector.textfile.directory=",
      "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/kubelet/pods)($|/)",
      "--collector.netclass.ignored-devices=^veth.*$",
      "--collector.netdev.device-exclude=^veth.*$",
    ],
    env: [{ name: "NODE_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }],
    ports: [{ name: "metrics", containerPort: nodeExporterPort, protocol: "TCP" }],
    resources: resourcesOf({ cpu: [10, 200], memory: [24, 96] }),
    securityContext: confined,
    readinessProbe: { ...answers, failureThreshold: 3 },
    startupProbe: { ...answers, failureThreshold: 8 },
    livenessProbe: { ...answers, failureThreshold: 6 },
    volumeMounts: [{ name: "root", mountPath: "/host/root", readOnly: true }],
  };
}
