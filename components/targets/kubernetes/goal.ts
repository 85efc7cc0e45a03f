import type { ServicePlan } from "../../core/plan-types";
import { podRange } from "./around";
import { probesOf, verdictSeconds } from "./probes";

/** When the workload of a service counts as up. */
export interface Goal {
  /** What is to be waited for; a `made` one works by its schedule. */
  readonly until: "ready" | "completed" | "made";
  /** Seconds without any progress after which it never will be. */
  readonly withinSeconds: number;
  /** Seconds in which a container that runs must be ready. @default - nothing is checked: it is ready when it runs */
  readonly checkSeconds?: number;
  /** Whether the description says how often a failed job is tried: then nobody gives up before. */
  readonly stubborn: boolean;
}

/** Seconds that pulling images, finding nodes and passing start gates may take on top of what the checks ask for. */
const allowanceSeconds = 120;
/** Seconds in which a job must end. */
const jobSeconds = 3600;

export function goalOf(service: ServicePlan): Goal {
  switch (service.kind) {
    case "service":
    case "stateful": {
      const checked = Object.keys(probesOf(service)).length > 0;
      return {
        until: "ready",
        withinSeconds: verdictSeconds(service) + pauseOf(service) + allowanceSeconds,
        ...(checked ? { checkSeconds: verdictSeconds(service) } : {}),
        stubborn: false,
      };
    }
    case "job":
      return { until: "completed", withinSeconds: jobSeconds, stubborn: service.restart.maxAttempts !== undefined };
    case "cron":
      return { until: "made", withinSeconds: 0, stubborn: false };
  }
}

/** Seconds that a new pod must have been ready before the next ones are replaced; where all go at once there is no next. */
export function pauseOf(service: ServicePlan): number {
  const { parallelism, pauseSeconds } = service.update;
  const [, most] = podRange(service);
  return most > (service.kind === "stateful" ? 1 : parallelism) ? pauseSeconds : 0;
}
