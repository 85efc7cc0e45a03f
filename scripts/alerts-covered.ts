import { clusterPlatform } from "../components/monitoring/rules/platform";

/** Names of the alerts that kube-prometheus has by default, as of August 2026. */
export const namesOfKubePrometheus: readonly string[] = [
  ...names("Alertmanager", "FailedReload MembersInconsistent FailedToSendAlerts ClusterFailedToSendAlerts"),
  ...names("Alertmanager", "ConfigInconsistent ClusterDown ClusterCrashlooping ClusterFailedPeers"),
  ...names("", "TargetDown Watchdog InfoInhibitor NodeNetworkInterfaceFlapping"),
  ...names("KubeStateMetrics", "ListErrors WatchErrors ShardingMismatch ShardsMissing"),
  ...names("Kube", "PodCrashLooping PodNotReady DeploymentGenerationMismatch DeploymentReplicasMismatch"),
  ...names("Kube", "DeploymentRolloutStuck StatefulSetReplicasMismatch StatefulSetGenerationMismatch"),
  ...names("Kube", "StatefulSetUpdateNotRolledOut DaemonSetRolloutStuck ContainerWaiting DaemonSetNotScheduled"),
  ...names("Kube", "DaemonSetMisScheduled JobNotCompleted JobFailed HpaReplicasMismatch HpaMaxedOut"),
  ...names("Kube", "PdbNotEnoughHealthyPods CPUOvercommit MemoryOvercommit CPUQuotaOvercommit MemoryQuotaOvercommit"),
  ...names("Kube", "QuotaAlmostFull QuotaFullyUsed QuotaExceeded"),
  "CPUThrottlingHigh",
  ...names("KubePersistentVolume", "FillingUp InodesFillingUp Errors"),
  ...names("Kube", "VersionMismatch ClientErrors APIErrorBudgetBurn ClientCertificateExpiration AggregatedAPIErrors"),
  ...names("Kube", "AggregatedAPIDown APIDown APITerminatedRequests NodeNotReady NodePressure NodeUnreachable"),
  ...names("Kube", "NodeReadinessFlapping NodeEviction SchedulerDown ControllerManagerDown"),
  ...names("Kubelet", "TooManyPods PlegDurationHigh PodStartUpLatencyHigh Down ClientCertificateExpiration"),
  ...names("Kubelet", "ServerCertificateExpiration ClientCertificateRenewalErrors ServerCertificateRenewalErrors"),
  ...names("NodeFilesystem", "SpaceFillingUp AlmostOutOfSpace FilesFillingUp AlmostOutOfFiles"),
  ...names(
    "Node",
    "NetworkReceiveErrs NetworkTransmitErrs HighNumberConntrackEntriesUsed TextFileCollectorScrapeError",
  ),
  ...names("Node", "ClockSkewDetected ClockNotSynchronising RAIDDegraded RAIDDiskFailure FileDescriptorLimit"),
  ...names("Node", "CPUHighUsage SystemSaturation MemoryMajorPagesFaults MemoryHighUtilization DiskIOSaturation"),
  ...names("Node", "SystemdServiceFailed SystemdServiceCrashlooping BondingDegraded"),
  ...names("Prometheus", "BadConfig SDRefreshFailure KubernetesListWatchFailures NotificationQueueRunningFull"),
  ...names("Prometheus", "ErrorSendingAlertsToSomeAlertmanagers ErrorSendingAlertsToAnyAlertmanager"),
  ...names("Prometheus", "NotConnectedToAlertmanagers TSDBReloadsFailing TSDBCompactionsFailing NotIngestingSamples"),
  ...names("Prometheus", "DuplicateTimestamps OutOfOrderTimestamps RemoteStorageFailures RemoteWriteBehind"),
  ...names("Prometheus", "RemoteWriteDesiredShards RuleFailures MissingRuleEvaluations TargetLimitHit LabelLimitHit"),
  ...names("Prometheus", "ScrapeBodySizeLimitHit ScrapeSampleLimitHit TargetSyncFailure HighQueryLoad"),
  ...names("PrometheusOperator", "ListErrors WatchErrors SyncFailed ReconcileErrors StatusUpdateErrors"),
  ...names("PrometheusOperator", "NodeLookupErrors NotReady RejectedResources"),
  ...names("", "ConfigReloaderSidecarErrors GrafanaRequestsFailing"),
];

/** Where ours has another name. */
const renamed: Readonly<Record<string, string>> = {
  AlertmanagerClusterFailedToSendAlerts: "AlertmanagerCannotTell",
  AlertmanagerClusterCrashlooping: "AlertmanagerClusterCrashLooping",
  AlertmanagerClusterFailedPeers: "AlertmanagerFailedPeers",
  NodeNetworkReceiveErrs: "NodeNetworkReceiveErrors",
  NodeNetworkTransmitErrs: "NodeNetworkTransmitErrors",
  NodeHighNumberConntrackEntriesUsed: "NodeConntrackNearlyFull",
  NodeTextFileCollectorScrapeError: "NodeTextFileCollectorErrors",
  NodeClockSkewDetected: "NodeClockSkew",
  NodeRAIDDegraded: "NodeRaidDegraded",
  NodeRAIDDiskFailure: "NodeRaidDiskFailure",
  NodeMemoryMajorPagesFaults: "NodeMemoryMajorPageFaults",
  NodeMemoryHighUtilization: "NodeMemoryHigh",
  NodeDiskIOSaturation: "NodeDiskSaturation",
  PrometheusSDRefreshFailure: "PrometheusDiscoveryFailing",
  PrometheusKubernetesListWatchFailures: "PrometheusKubernetesDiscoveryFailing",
  PrometheusNotificationQueueRunningFull: "PrometheusNotificationQueueFillingUp",
  PrometheusErrorSendingAlertsToSomeAlertmanagers: "PrometheusErrorSendingAlerts",
  PrometheusErrorSendingAlertsToAnyAlertmanager: "PrometheusErrorSendingAlertsToAny",
  PrometheusTSDBReloadsFailing: "PrometheusStorageReloadsFailing",
  PrometheusTSDBCompactionsFailing: "PrometheusCompactionsFailing",
  PrometheusScrapeBodySizeLimitHit: "PrometheusBodySizeLimitHit",
  PrometheusScrapeSampleLimitHit: "PrometheusSampleLimitHit",
  ConfigReloaderSidecarErrors: "ConfigReloaderErrors",
};

const noShards = "there is one kube-state-metrics, which shares its work with no other";
const noRemote = "no Prometheus here writes to another store";
const noSystemd = "node-exporter has no way to the machine's systemd, which it would need the bus of the machine for";

/** Why there is none. */
const left: Readonly<Record<string, string>> = {
  InfoInhibitor:
    "nobody is told of info alerts unless a receiver asks for them, and a worse alert of a service hides them",
  KubeStateMetricsShardingMismatch: noShards,
  KubeStateMetricsShardsMissing: noShards,
  PrometheusRemoteStorageFailures: noRemote,
  PrometheusRemoteWriteBehind: noRemote,
  PrometheusRemoteWriteDesiredShards: noRemote,
  PrometheusOperatorNodeLookupErrors: "Prometheus finds the kubelets itself; the operator looks no nodes up",
  NodeSystemdServiceFailed: noSystemd,
  NodeSystemdServiceCrashlooping: noSystemd,
  GrafanaRequestsFailing: "Grafana's image cannot be had without an image registry, so the rule could not be tried",
};

const ours = new Set(clusterPlatform.flatMap(({ alerts }) => alerts.map(({ name }) => name)));

/** By which alert of ours one of kube-prometheus is covered, or why by none. */
export function coverage(name: string): { readonly by?: string; readonly because?: string } {
  const by = renamed[name] ?? name;
  if (ours.has(by)) return { by };
  const because = left[name];
  if (because === undefined)
    throw new Error(`${name}: is neither covered nor left out; say which in scripts/alerts-covered.ts`);
  return { because };
}

function names(prefix: string, endings: string): readonly string[] {
  return endings.split(" ").map((ending) => `${prefix}${ending}`);
}
