import { type ClusterMonitoringModel, clusterMonitoring } from "../../components/monitoring/cluster/manifests";
import { type ClusterMonitoringOptions, imagesOfClusterMonitoring } from "../../components/monitoring/cluster/options";
import type { ResolveImage } from "../../components/targets/images";
import type { StackConfig } from "../../config/stack";
import { upstream } from "../../images/table";
import { monitoringNamespaceOf } from "../kubernetes";

/** Whether a stack brings the cluster's monitoring along, if nobody else has. */
function bringsClusterMonitoring({
  monitoring,
  clusterMonitoring: { deploy },
}: Pick<StackConfig, "monitoring" | "clusterMonitoring">): boolean {
  return monitoring === "cluster" && deploy;
}

/** The images of it, as far as the stack brings it along. */
export function monitoringImages(config: Pick<StackConfig, "monitoring" | "clusterMonitoring">): readonly string[] {
  return bringsClusterMonitoring(config) ? imagesOfClusterMonitoring.map(upstream) : [];
}

/** How a stack's configuration wants the cluster's monitoring. */
function monitoringOptions(config: StackConfig, resolveImage: ResolveImage): ClusterMonitoringOptions {
  const { cluster, retentionDays, storage, apiServers } = config.clusterMonitoring;
  return {
    namespace: monitoringNamespaceOf(config) ?? "monitoring",
    cluster,
    small: config.profile === "small",
    retentionDays,
    storage,
    storageClass: config.kubernetes.storageClass,
    keepVolumes: config.keepVolumes,
    apiServers,
    receivers: config.receivers,
    links: config.links,
    alertTimeScale: config.alertTimeScale,
    resolveImage,
  };
}

/** The cluster's monitoring that a stack brings along, as objects; `undefined` when it brings none. */
export function monitoringOf(config: StackConfig, resolveImage: ResolveImage): ClusterMonitoringModel | undefined {
  return bringsClusterMonitoring(config) ? clusterMonitoring(monitoringOptions(config, resolveImage)) : undefined;
}
