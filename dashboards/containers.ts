import type { Panel } from "./grafana";
import { graph } from "./panels";

/** Containers alone: groups of them, which cAdvisor reports too, have no image. */
const containers = 'image!=""';

/** Share of its memory limit that each container uses; nothing for those without a limit. From cAdvisor. */
export const memoryRatio = `container_memory_usage_bytes{${containers}} / (container_spec_memory_limit_bytes{${containers}} > 0)`;

/** What each container takes from the machine. */
export function containerPanels(): readonly Panel[] {
  return [
    graph(
      { title: "Memory of containers", description: "Share of the limit.", unit: "percentunit", alarmAbove: 0.85 },
      { "{{name}}": memoryRatio },
    ),
    graph(
      { title: "Processor time of containers", description: "Cores in use.", unit: "short" },
      { "{{name}}": `rate(container_cpu_usage_seconds_total{${containers}}[1m])` },
    ),
    graph(
      { title: "Network of containers", description: "Received and sent.", unit: "Bps", width: 24 },
      {
        "{{name}} in": `rate(container_network_receive_bytes_total{${containers}}[1m])`,
        "{{name}} out": `rate(container_network_transmit_bytes_total{${containers}}[1m])`,
      },
    ),
  ];
}
