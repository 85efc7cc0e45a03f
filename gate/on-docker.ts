import type { ServicePlan } from "../components/core/plan-types";
import type { Engine, Inspection } from "../components/targets/docker/engine";
import { goalOf } from "../components/targets/docker/health";
import type { Goal } from "../components/targets/docker/model";
import { containerName } from "../components/targets/docker/names";
import { type Look, together } from "./look";

/** Looks at the containers of services on an Engine, where their names begin with the prefix. */
export async function lookAtContainers(
  engine: Pick<Engine, "inspect">,
  prefix: string,
  services: readonly ServicePlan[],
): Promise<Look> {
  const looks = services.flatMap((service) =>
    Array.from({ length: service.replicas }, async (_, index): Promise<Look> => {
      const name = containerName(prefix, service.name, index + 1, service.replicas);
      const found = await engine.inspect(name);
      if (found === undefined) return { troubles: [`${name} is not there`], restarts: new Map() };
      const trouble = troubleOf(found, goalOf(service));
      return {
        troubles: trouble === undefined ? [] : [`${name} ${trouble}`],
        restarts: new Map([[name, found.RestartCount]]),
      };
    }),
  );
  return together(await Promise.all(looks));
}

function troubleOf({ State }: Inspection, { until }: Pick<Goal, "until">): string | undefined {
  if (until === "completed") {
    if (State.Status !== "exited") return `is ${State.Status}, and has not completed`;
    return State.ExitCode === 0 ? undefined : `has ended with exit code ${State.ExitCode}`;
  }
  if (State.Status !== "running") return `is ${State.Status}, with exit code ${State.ExitCode}`;
  if (until === "running") return undefined;
  const health = State.Health?.Status ?? "not checked";
  return health === "healthy" ? undefined : `is ${health}`;
}
