import type { ServicePlan } from "../../core/plan-types";
import { type Around, isLasting, podRange } from "./around";
import type { DisruptionBudgetManifest } from "./model";
import { metadataOf, selectorOf } from "./names";

/**
 * Where there are several pods, a node is emptied of one at a time. A single pod has no budget: it could never be moved.
 * Pods that do not work are in nobody's way.
 */
export function disruptionBudgetOf(service: ServicePlan, around: Around): readonly DisruptionBudgetManifest[] {
  const [least] = podRange(service);
  if (least === 1 || !isLasting(service)) return [];
  return [
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: metadataOf(around, service.name),
      spec: { maxUnavailable: 1, selector: selectorOf(service.name), unhealthyPodEvictionPolicy: "AlwaysAllow" },
    },
  ];
}
