import type { ServicePlan } from "../components/core/plan-types";
import type { SystemDefinition } from "../components/core/system";

/** How much the services of a stack ask of their machines: `small` lets all systems fit two cores, `full` is production's. */
export const profiles = ["small", "full"] as const;

export type Profile = (typeof profiles)[number];

/** What `small` requests of a described request for CPU, and the least that it does, in thousandths of a core. */
const share = 1 / 5;
const least = 10;

/**
 * A system as a profile has it. A request for CPU is kept free for a service whether it needs it or not, and what is described is for
 * machines that have enough. On a small one a fifth is requested, so that all systems fit beside each other, and limits stay: who is alone
 * is as fast as ever.
 */
export function sized(definition: SystemDefinition, profile: Profile): SystemDefinition {
  if (profile === "full") return definition;
  return {
    ...definition,
    plan: (options) => {
      const plan = definition.plan(options);
      return { ...plan, services: plan.services.map(small) };
    },
  };
}

/** An autoscaler measures by the request, so that a service that scales keeps its own: start-up alone would exceed a fifth. */
function small(service: ServicePlan): ServicePlan {
  const { autoscale, resources } = service;
  const { request, ...limit } = resources.cpuMillis;
  if (autoscale !== undefined || request <= least) return service;
  return {
    ...service,
    resources: {
      ...resources,
      cpuMillis: { ...limit, request: Math.max(least, Math.round(request * share)) },
    },
  };
}
