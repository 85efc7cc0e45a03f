import type { DashboardPlan } from "../../components/core/plan-types";
import { stackSchema } from "../../config/stack";
import { systems } from "../../systems/index";

/** Every dashboard of every system, with what is off by default, and as the cluster's Grafana finds them. */
export function everyDashboard(): readonly DashboardPlan[] {
  const configs = [stackSchema.parse({}), stackSchema.parse({ target: "kubernetes", monitoring: "cluster" })];
  const all = configs.flatMap((config) =>
    Object.values(systems).flatMap((system) => system(config).plan({ monitoring: config.monitoring }).dashboards),
  );
  return all;
}
