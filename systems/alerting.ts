import type { MonitoringOptions } from "../components/monitoring/stack";
import type { StackConfig } from "../config/stack";

/** How a stack tells of alerts, for all of its systems alike. */
export type Alerting = Pick<MonitoringOptions, "receivers" | "alertTimeScale">;

export function alertingOf({ receivers, alertTimeScale }: Pick<StackConfig, "receivers" | "alertTimeScale">): Alerting {
  return { receivers, alertTimeScale };
}
