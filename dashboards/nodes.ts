import type { Panel } from "./grafana";
import { graph } from "./panels";
import { type Chosen, share } from "./promql";

/** Utilisation, saturation and errors of machines, from node-exporter. */
export function nodePanels({ of, rate }: Chosen): readonly Panel[] {
  const real = 'fstype!~"tmpfs|overlay|squashfs|ramfs|nsfs|fuse.*"';
  const idle = rate("node_cpu_seconds_total", 'mode="idle"');
  const wires = 'device!~"lo|veth.*|br-.*|docker.*|cni.*|flannel.*"';
  return [
    graph(
      { title: "Processor", description: "Share in use.", unit: "percentunit", alarmAbove: 0.9 },
      { "{{instance}}": `1 - avg by (instance) (${idle})` },
    ),
    graph(
      { title: "Load", description: "Processes that run or wait, for each core.", unit: "short", alarmAbove: 2 },
      {
        "{{instance}}": `sum by (instance) (${of("node_load1")}) / count by (instance) (${of("node_cpu_seconds_total", 'mode="idle"')})`,
      },
    ),
    graph(
      { title: "Memory", description: "Share that is not available.", unit: "percentunit", alarmAbove: 0.9 },
      { "{{instance}}": `1 - ${of("node_memory_MemAvailable_bytes")} / ${of("node_memory_MemTotal_bytes")}` },
    ),
    graph(
      { title: "Disks", description: "Share in use.", unit: "percentunit", alarmAbove: 0.9 },
      {
        "{{instance}} {{device}}": `max by (instance, device) (1 - ${of("node_filesystem_avail_bytes", real)} / ${of("node_filesystem_size_bytes", real)})`,
      },
    ),
    graph(
      {
        title: "Disks at work",
        description: "Share of the time that something was read or written.",
        unit: "percentunit",
      },
      { "{{instance}} {{device}}": rate("node_disk_io_time_seconds_total") },
    ),
    graph(
      { title: "Network", description: "Received and sent.", unit: "Bps" },
      {
        "{{instance}} in": `sum by (instance) (${rate("node_network_receive_bytes_total", wires)})`,
        "{{instance}} out": `sum by (instance) (${rate("node_network_transmit_bytes_total", wires)})`,
      },
    ),
    graph(
      {
        title: "Network errors",
        description: "Share of the packets that were lost or broken.",
        unit: "percentunit",
        alarmAbove: 0.01,
        width: 24,
      },
      {
        "{{instance}}": share(
          `(sum by (instance) (${rate("node_network_receive_errs_total", wires)}) + sum by (instance) (${rate("node_network_transmit_errs_total", wires)}))`,
          `(sum by (instance) (${rate("node_network_receive_packets_total", wires)}) + sum by (instance) (${rate("node_network_transmit_packets_total", wires)}))`,
        ),
      },
    ),
  ];
}
