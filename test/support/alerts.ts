import type { AlertRule } from "../../components/core/spec";
import { processMetrics } from "../../components/monitoring/process-metrics";
import type { AlertGroup } from "../../components/monitoring/rules";
import { clusterPlatform, ownPlatform } from "../../components/monitoring/rules/platform";
import { serviceAlerts } from "../../components/monitoring/rules/service";
import { stackSchema } from "../../config/stack";
import { systems } from "../../systems/index";

/** A service that gets every rule that follows from a description. */
const watched = {
  system: "shop",
  service: "api",
  names: processMetrics,
  resources: { cpuMillis: { request: 100, limit: 500 }, memoryMiB: { request: 128, limit: 256 }, pids: 256 },
};

/** Every group of rules that no system states by itself; rules about services for one that has all of them. */
export const commonGroups: readonly AlertGroup[] = [
  ...new Map(
    [...ownPlatform({ machine: true }), ...clusterPlatform, { name: "service", alerts: serviceAlerts(watched) }].map(
      (group) => [group.name, group] as const,
    ),
  ).values(),
];

/** The alerts of every system, as they are by default, and those that all have in common. */
export function alertsOfEverything(): readonly AlertRule[] {
  const config = stackSchema.parse({});
  const stated = Object.values(systems).flatMap((system) => system(config).plan().alerts);
  return [...stated, ...commonGroups.flatMap(({ alerts }) => alerts)];
}
