import { memoryRatio } from "../../../dashboards/containers";
import type { AlertRule } from "../../core/spec";
import { hastened, ruleFile } from "../rules";
import type { ClusterMonitoringOptions } from "./options";
import { type ClusterObject, metadata, object } from "./objects";

/** Where a system has no agent of its own beside it, the kubelet's figures tell of its containers. */
const highMemoryUsage: AlertRule = {
  name: "HighMemoryUsage",
  expr: `${memoryRatio} > 0.85`,
  forSeconds: 300,
  severity: "warning",
  summary: "a container is close to its memory limit",
  description: "{{ $labels.name }} uses {{ $value | humanizePercentage }} of its memory limit",
  runbook: "systems/algo-trading/README.md#highmemoryusage",
};

/** Rules about the cluster itself, which see every namespace. */
export function ruleObjects({ namespace, alertTimeScale }: ClusterMonitoringOptions): readonly ClusterObject[] {
  return [
    object("monitoring.coreos.com/v1", "PrometheusRule", metadata(namespace, "prometheus", "containers"), {
      spec: ruleFile("containers", [hastened(highMemoryUsage, alertTimeScale)]),
    }),
  ];
}
