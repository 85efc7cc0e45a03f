import type { DashboardMaker } from "../components/core/description";
import type { Panel } from "./grafana";
import { graph } from "./panels";

/** Containers alone: groups of them, which cAdvisor reports too, have no image. */
const containers = 'image!=""';

/** Share of its memory limit that each container uses; nothing for those without a limit. From cAdvisor. */
const memoryRatioOf = (which: string): string =>
  `container_memory_usage_bytes{${which}} / (container_spec_memory_limit_bytes{${which}} > 0)`;

/** That of every container that is seen. */
export const memoryRatio = memoryRatioOf(containers);

/**
 * A system's containers, by their names: on Docker `<prefix>-<system>-<service>`, on Kubernetes the namespace
 * `<prefix>-<system>`, then pod and container. Who reports them is not who they are, and so has no say.
 */
const ofSystem = `${containers}, name=~"(.+-)?$system[-/].+"`;

/** Share of the memory limit of each of the system's containers. */
export const memoryShare: Panel = graph(
  { title: "Memory of containers", description: "Share of the limit.", unit: "percentunit", alarmAbove: 0.85 },
  { "{{name}}": memoryRatioOf(ofSystem) },
);

/** Utilisation, saturation and errors of the system's containers. */
export function containerPanels(): readonly Panel[] {
  const rate = (counter: string): string => `rate(${counter}{${ofSystem}}[$__rate_interval])`;
  const network = (counter: string): string =>
    `sum by (name) (rate(${counter}{name=~"(.+-)?$system[-/].+"}[$__rate_interval]))`;
  return [
    memoryShare,
    graph(
      { title: "Processor time of containers", description: "Cores in use.", unit: "short" },
      { "{{name}}": `sum by (name) (${rate("container_cpu_usage_seconds_total")})` },
    ),
    graph(
      { title: "Network of containers", description: "Received and sent.", unit: "Bps", width: 24 },
      {
        "{{name}} in": network("container_network_receive_bytes_total"),
        "{{name}} out": network("container_network_transmit_bytes_total"),
      },
    ),
  ];
}

/** Whether somebody tells of a system's containers: a cAdvisor beside it, or the kubelets of a cluster, which have one in them. */
export const seesContainers = ({ monitoring, scrapes }: Parameters<DashboardMaker>[0]): boolean =>
  monitoring === "cluster" || scrapes.some(({ names }) => names.includes("container_memory_usage_bytes"));
