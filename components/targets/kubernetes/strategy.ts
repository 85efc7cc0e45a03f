import type { ServicePlan } from "../../core/plan-types";
import type { DeploymentManifest } from "./model";

/** Two of a singleton, or two on one volume, would do harm; else pods are replaced a few at a time. */
export function strategyOf(service: ServicePlan): DeploymentManifest["spec"]["strategy"] {
  if (service.singleton || Object.keys(service.volumes).length > 0) return { type: "Recreate" };
  const { order, parallelism } = service.update;
  const rollingUpdate =
    order === "startFirst"
      ? { maxSurge: parallelism, maxUnavailable: 0 }
      : { maxSurge: 0, maxUnavailable: parallelism };
  return { type: "RollingUpdate", rollingUpdate };
}
