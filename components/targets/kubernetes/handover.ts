import type { ServicePlan } from "../../core/plan-types";
import { type Around, isLasting, podRange } from "./around";
import { ingressPorts } from "./ingress";
import { strategyOf } from "./strategy";

/** Seconds that nodes and ingress controllers may take to note that a pod gets no more connections. */
const handoverSeconds = 5;

/**
 * How long a pod serves on after it was told to end, before its process hears of that. Its process may close its port at
 * once, while connections still come in that others could take.
 */
export function handoverOf(service: ServicePlan, { incoming }: Around): number {
  const [, most] = podRange(service);
  const isReached = incoming.has(service.name) || ingressPorts(service).length > 0;
  const comesAfter = service.update.order === "startFirst" && strategyOf(service).type === "RollingUpdate";
  const hasOthers = most > 1 || (service.kind === "service" && comesAfter);
  return isLasting(service) && isReached && hasOthers ? handoverSeconds : 0;
}
