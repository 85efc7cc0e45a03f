import type { ServicePlan } from "../../core/plan-types";
import type { Around } from "./around";
import type { AutoscalerManifest } from "./model";
import { metadataOf } from "./names";

/** Adds and removes pods so that they use the share of their CPU request that is asked for. */
export function autoscalerOf(service: ServicePlan, around: Around): readonly AutoscalerManifest[] {
  if (service.autoscale === undefined) return [];
  const { min, max, cpuPercent, scaleDownSeconds } = service.autoscale;
  const target = { type: "Utilization", averageUtilization: cpuPercent } as const;
  return [
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: metadataOf(around, service.name),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: service.name },
        minReplicas: min,
        maxReplicas: max,
        metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
        behavior: { scaleDown: { stabilizationWindowSeconds: scaleDownSeconds } },
      },
    },
  ];
}
