import type { ClusterMonitoringOptions } from "../../components/monitoring/cluster/options";
import type { ResolveImage } from "../../components/targets/images";

/** Takes upstream references as they are, and names what is built after its folder. */
export const asTheyAre: ResolveImage = (image) => ({
  kind: "image",
  reference: typeof image === "string" ? image : `built-from-${image.build.context}:1`,
});

/** A small monitoring that tells nobody, and what a test asks for besides. */
export function monitoringOptions(asked: Partial<ClusterMonitoringOptions> = {}): ClusterMonitoringOptions {
  return {
    namespace: "monitoring",
    cluster: "lab",
    small: true,
    retentionDays: 30,
    storage: "8Gi",
    keepVolumes: false,
    apiServers: ["10.0.0.0/8"],
    receivers: {},
    links: {},
    alertTimeScale: 1,
    resolveImage: asTheyAre,
    ...asked,
  };
}
