import type { MonitoringOptions } from "../components/monitoring/stack";
import type { StackConfig } from "../config/stack";
import { createResolver } from "../images/resolve";
import { upstream } from "../images/table";
import type { SystemName } from "./places";

/** How a stack tells of alerts, for all of its systems alike but for where on the host each has its Grafana. */
export type Alerting = Pick<MonitoringOptions, "receivers" | "alertTimeScale" | "links" | "hostPortBase">;

export function alertingOf(system: SystemName, config: StackConfig): Alerting {
  const { receivers, alertTimeScale, links, hostPortBase } = config;
  return {
    ...{ receivers, alertTimeScale, links },
    hostPortBase: config.target === "docker" && hasGrafana(config) ? hostPortBase[system] : undefined,
  };
}

/** Whether Grafana can be had, as far as it is known where images come from. */
function hasGrafana({ imageSource }: Pick<StackConfig, "imageSource">): boolean {
  return imageSource !== undefined && createResolver(imageSource)(upstream("grafana")).kind === "image";
}
