import type { ClusterMonitoringOptions } from "./options";
import { imageOf, userOf } from "./options";
import { accountOf, type ClusterObject, clusterRights, ownRights } from "./objects";
import { deploymentOf, httpProbe, serviceOf } from "./pods";
import { monitorOf } from "./monitor";

export const operatorPort = 8080;
const part = "prometheus-operator";

/** What makes Prometheus and Alertmanager out of their descriptions, and gives them their rules and targets. */
export function operatorObjects(options: ClusterMonitoringOptions): readonly ClusterObject[] {
  const { namespace } = options;
  const ports = { http: operatorPort };
  return [
    accountOf(namespace, part),
    ...clusterRights(namespace, part, [
      {
        apiGroups: ["monitoring.coreos.com"],
        resources: [
          ...["alertmanagerconfigs", "podmonitors", "probes", "prometheusrules", "scrapeconfigs", "servicemonitors"],
          ...["alertmanagers", "prometheuses"],
        ],
        verbs: ["get", "list", "watch"],
      },
      { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] },
      // what it has against somebody's rule is told beside the rule
      { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get"] },
    ]),
    ...ownRights(namespace, part, [
      {
        apiGroups: ["monitoring.coreos.com"],
        resources: ["alertmanagers", "prometheuses"],
        verbs: ["get", "list", "watch", "update", "patch"],
      },
      {
        apiGroups: ["monitoring.coreos.com"],
        resources: [
          ...["alertmanagers/finalizers", "alertmanagers/status", "prometheuses/finalizers", "prometheuses/status"],
        ],
        verbs: ["get", "update", "patch"],
      },
      { apiGroups: ["apps"], resources: ["statefulsets"], verbs: everything },
      // the configuration that it writes; no other namespace's are open to it
      { apiGroups: [""], resources: ["configmaps", "secrets"], verbs: everything },
      { apiGroups: [""], resources: ["services", "services/finalizers"], verbs: ["get", "create", "update", "delete"] },
      { apiGroups: [""], resources: ["endpoints"], verbs: ["get", "create", "update", "delete"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["list", "delete"] },
    ]),
    deploymentOf(
      namespace,
      {
        part,
        user: userOf("prometheusOperator"),
        token: true,
        containers: [
          {
            name: part,
            image: imageOf("prometheusOperator", options),
            args: argumentsOf(options),
            ports,
            amounts: options.small ? { cpu: [10, 200], memory: [48, 192] } : { cpu: [100, 500], memory: [128, 512] },
            ready: httpProbe("http", "/healthz"),
            live: { tcpSocket: { port: "http" } },
          },
        ],
      },
      "what it has made runs on without it",
    ),
    serviceOf(namespace, part, ports),
    monitorOf(options, part, "http"),
  ];
}

const everything = ["get", "list", "watch", "create", "update", "patch", "delete"];

function argumentsOf(options: ClusterMonitoringOptions): readonly string[] {
  const { namespace } = options;
  return [
    `--web.listen-address=:${operatorPort}`,
    `--prometheus-config-reloader=${imageOf("prometheusConfigReloader", options)}`,
    "--enable-config-reloader-probes=true",
    "--config-reloader-cpu-request=5m",
    "--config-reloader-cpu-limit=100m",
    "--config-reloader-memory-request=16Mi",
    "--config-reloader-memory-limit=64Mi",
    // it makes nothing elsewhere, and so it needs no right to
    ...["prometheus", "alertmanager", "thanos-ruler"].map((kind) => `--${kind}-instance-namespaces=${namespace}`),
    `--alertmanager-config-namespaces=${namespace}`,
    "--disable-unmanaged-prometheus-configuration=true",
    "--localhost=127.0.0.1",
    "--log-format=json",
  ];
}
