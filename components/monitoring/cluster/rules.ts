import { clusterBoards } from "../../../dashboards/cluster";
import { hastened, ruleFile } from "../rules";
import { highMemoryUsage } from "../rules/containers";
import { clusterPlatform } from "../rules/platform";
import type { ClusterMonitoringOptions } from "./options";
import { type ClusterObject, metadata, object } from "./objects";
import { systemOfNamespace } from "./system-of-namespace";

/** Rules about the cluster itself and its monitoring, which see every namespace; an object for each group. */
export function ruleObjects({ namespace, links, alertTimeScale }: ClusterMonitoringOptions): readonly ClusterObject[] {
  const groups = [
    {
      ...{ name: "containers", dashboard: clusterBoards.workloads, labels: systemOfNamespace },
      alerts: [highMemoryUsage],
    },
    ...clusterPlatform,
  ];
  return groups.map((group) =>
    object("monitoring.coreos.com/v1", "PrometheusRule", metadata(namespace, "prometheus", group.name), {
      spec: ruleFile(hastened({ ...group, links }, alertTimeScale)),
    }),
  );
}
