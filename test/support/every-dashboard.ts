import type { DashboardPlan, SystemPlan } from "../../components/core/plan-types";
import { stackSchema } from "../../config/stack";
import { clusterDashboards } from "../../dashboards/cluster";
import { systems } from "../../systems/index";

/** Every system as it is by default, looked at by its own Prometheus and by a cluster's. */
export function everyPlan(): readonly SystemPlan[] {
  const configs = [stackSchema.parse({}), stackSchema.parse({ target: "kubernetes", monitoring: "cluster" })];
  return configs.flatMap((config) =>
    Object.values(systems).map((system) => system(config).plan({ monitoring: config.monitoring })),
  );
}

/** Every dashboard of every system, and those of a cluster. */
export const everyDashboard = (): readonly DashboardPlan[] => [
  ...everyPlan().flatMap(({ dashboards }) => dashboards),
  ...clusterDashboards(),
];
