import { stringify } from "yaml";
import { controlPlaneScrapes } from "./control-plane";
import { monitorOf, reloaderMonitorOf } from "./monitor";
import type { ClusterMonitoringOptions } from "./options";
import { imageOf, userOf, versionOf } from "./options";
import { accountOf, type ClusterObject, clusterRights, disruptionBudget, labels, metadata, object } from "./objects";
import { type Amounts, besidesOf, podSecurity, resourcesOf, serviceOf, sparedChecks } from "./pods";

export const prometheusPort = 9090;
export const reloaderPort = 8080;
/** The operator gives this name to the pods. */
const part = "prometheus";
/** Name of the Prometheus, and the end of the name of what runs it. */
export const instance = "main";

const small: Amounts = { cpu: [100, 1000], memory: [256, 1024] };
const full: Amounts = { cpu: [500, 2000], memory: [2048, 4096] };

/** Everything in the namespaces that belong to this project. */
const ours = { matchLabels: { "app.kubernetes.io/managed-by": "twofold" } };

/** Two Prometheus that see and judge the same, so that one may be away. */
export function prometheusObjects(options: ClusterMonitoringOptions): readonly ClusterObject[] {
  const { namespace } = options;
  return [
    accountOf(namespace, part),
    ...clusterRights(namespace, part, [
      { apiGroups: [""], resources: ["services", "endpoints", "pods", "nodes"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { nonResourceURLs: ["/metrics", "/metrics/slis"], verbs: ["get"] },
    ]),
    object("v1", "Secret", metadata(namespace, part, scrapeSecret), {
      type: "Opaque",
      stringData: { [scrapeKey]: stringify(controlPlaneScrapes()) },
    }),
    object(
      "monitoring.coreos.com/v1",
      "Prometheus",
      { ...metadata(namespace, part, instance), annotations: sparedChecks },
      { spec: specOf(options) },
    ),
    serviceOf(namespace, part, { web: prometheusPort, reloader: reloaderPort }),
    disruptionBudget(namespace, part),
    monitorOf(options, part, "web"),
    reloaderMonitorOf(options, part),
  ];
}

const scrapeSecret = "prometheus-control-plane";
const scrapeKey = "scrapes.yml";

const configFolder = "/etc/prometheus/config";
/**
 * Those of the operator, and the folder of the configuration: the operator's reloader follows a link to a file that is gone after the
 * first change, and would notice all others after up to three minutes. Rules of more than 512 KiB have a second folder, which only
 * a change in the first one has read again.
 */
const reloaderArguments = [
  `--listen-address=:${reloaderPort}`,
  `--reload-url=http://127.0.0.1:${prometheusPort}/-/reload`,
  `--config-file=${configFolder}/prometheus.yaml.gz`,
  "--config-envsubst-file=/etc/prometheus/config_out/prometheus.env.yaml",
  `--watched-dir=/etc/prometheus/rules/prometheus-${instance}-rulefiles-0`,
  `--watched-dir=${configFolder}`,
];

function specOf(options: ClusterMonitoringOptions) {
  const { namespace, cluster, retentionDays, storage, storageClass, keepVolumes } = options;
  return {
    image: imageOf("prometheus3", options),
    version: versionOf("prometheus3"),
    replicas: 2,
    // the label in which the two differ; it is taken off alerts, so that Alertmanager knows them for the same
    replicaExternalLabelName: "prometheus_replica",
    prometheusExternalLabelName: "",
    externalLabels: { cluster },
    podMetadata: { labels: labels(part) },
    serviceAccountName: part,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    securityContext: podSecurity(userOf("prometheus3")),
    resources: resourcesOf(options.small ? small : full),
    ...besidesOf({ args: reloaderArguments }),
    ...apart(part),
    terminationGracePeriodSeconds: 60,
    retention: `${retentionDays}d`,
    retentionSize: nineTenths(storage),
    walCompression: true,
    storage: {
      volumeClaimTemplate: {
        metadata: { labels: labels(part) },
        spec: claimOf(storage, storageClass),
      },
    },
    persistentVolumeClaimRetentionPolicy: retentionOf(keepVolumes),
    scrapeInterval: "30s",
    scrapeTimeout: "10s",
    evaluationInterval: "15s",
    // what one target may bring; who has more is refused as a whole, and an alert says so
    enforcedSampleLimit: 100_000,
    enforcedTargetLimit: 1000,
    enforcedLabelLimit: 64,
    enforcedLabelNameLengthLimit: 256,
    enforcedLabelValueLengthLimit: 4096,
    enforcedBodySizeLimit: "128MB",
    // rules of a system see what is in its namespace alone, as beside the system on Docker
    enforcedNamespaceLabel: "namespace",
    excludedFromEnforcement: ["servicemonitors", "prometheusrules"].map((resource) => ({
      group: "monitoring.coreos.com",
      resource,
      namespace,
    })),
    overrideHonorTimestamps: false,
    arbitraryFSAccessThroughSMs: { deny: true },
    serviceDiscoveryRole: "EndpointSlice",
    additionalScrapeConfigs: { name: scrapeSecret, key: scrapeKey },
    ...Object.fromEntries(["serviceMonitor", "rule"].map((kind) => [`${kind}NamespaceSelector`, ours])),
    serviceMonitorSelector: {},
    ruleSelector: {},
    // each of them is told, not one by way of a load balancer
    alerting: {
      alertmanagers: [{ namespace, name: "alertmanager-operated", port: "web", apiVersion: "v2" }],
    },
  };
}

/** On different nodes and in different zones, as far as there are any with room. */
export function apart(name: string) {
  const labelSelector = { matchLabels: { "app.kubernetes.io/name": name } };
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { labelSelector, topologyKey: "kubernetes.io/hostname" } },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector,
      },
    ],
  };
}

export function claimOf(storage: string, storageClass: string | undefined) {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage } },
  };
}

export function retentionOf(keep: boolean) {
  const policy = keep ? "Retain" : "Delete";
  return { whenDeleted: policy, whenScaled: "Retain" };
}

/** A full disk stops Prometheus, so the oldest samples go before that. In the words of Prometheus. */
function nineTenths(storage: string): string {
  const [, amount = "0", unit] = /^(\d+)(Mi|Gi)$/.exec(storage) ?? [];
  return `${Math.floor(Number(amount) * (unit === "Gi" ? 1024 : 1) * 0.9)}MB`;
}
