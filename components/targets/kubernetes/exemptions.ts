import type { ServicePlan } from "../../core/plan-types";

/** From here on kube-score believes that a number belongs to no user of the node. */
const highId = 10_000;

/**
 * The checks of kube-score that a workload goes against on purpose, as the annotation that tells it so.
 *
 * Images are pulled when a node lacks them, and not for each start: a reference names one content for ever, and a pod must
 * be able to come back while the registry is away. Users are those that images are made for, whose files are theirs.
 */
export function exemptionsOf({ security }: ServicePlan): Readonly<Record<string, string>> {
  const hasLowId = security.user < highId || security.group < highId;
  const checks = ["container-image-pull-policy", ...(hasLowId ? ["container-security-context-user-group-id"] : [])];
  return { "kube-score/ignore": checks.join(",") };
}
