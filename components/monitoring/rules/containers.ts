import { memoryRatio } from "../../../dashboards/containers";
import type { AlertRule } from "../../core/spec";
import { runbookOf } from "../runbooks";

/** For whoever has cAdvisor's figures of containers: that of a system, or a cluster's kubelets. */
export const highMemoryUsage: AlertRule = {
  name: "HighMemoryUsage",
  expr: `${memoryRatio} > 0.85`,
  forSeconds: 300,
  severity: "warning",
  summary: "a container is close to its memory limit",
  description: "{{ $labels.name }} uses {{ $value | humanizePercentage }} of its memory limit",
  runbook: runbookOf("HighMemoryUsage"),
};
