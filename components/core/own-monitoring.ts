import type { Description } from "./description";
import type { Problems } from "./problems";

/** Who looks at a system: services of its own beside it, or what the cluster has for all. */
export type MonitoringMode = "own" | "cluster";

/**
 * The description as it is where the cluster looks at the system: without the services that would. Their statements go with
 * them, and those of all other services stay, for the target to write down. Adds a problem for a service that needs them.
 */
export function withoutOwnMonitoring(description: Description, problems: Problems): Description {
  const { ownMonitoring } = description;
  const stays = (name: string): boolean => !ownMonitoring.has(name);
  for (const { from, to } of description.connections)
    if (stays(from) && !stays(to))
      problems.add(
        `services.${from}`,
        `connects to ${to}, which is not beside the system where the cluster monitors it`,
        "leave the connection out, or set monitoring to own",
      );
  return {
    ...description,
    services: new Map([...description.services].filter(([name]) => stays(name))),
    connections: description.connections.filter(({ from, to }) => stays(from) && stays(to)),
    externals: description.externals.filter(({ from }) => stays(from)),
    dashboards: description.dashboards.filter(({ service }) => stays(service)),
    hooks: description.hooks.map((hook) => (view) => hook(view).filter(({ service }) => stays(service))),
  };
}
