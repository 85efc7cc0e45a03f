import type { Panel } from "./grafana";
import { figure, graph } from "./panels";
import { ofSystem } from "./promql";

/** How an InfluxDB server fares, from its own metrics; it counts neither points nor queries there. */
export function influxdbPanels(job: string): readonly Panel[] {
  const own = `job="${job}"`;
  const { of, rate } = ofSystem;
  return [
    figure({ title: "InfluxDB answers", description: "1 when it does.", unit: "short" }, `min(${of("up", own)})`),
    figure(
      { title: "Memory", description: "Of the process, resident.", unit: "bytes" },
      `sum(${of("process_resident_memory_bytes", own)})`,
    ),
    graph(
      { title: "Processor time", description: "Cores in use.", unit: "short" },
      { "{{instance}}": rate("process_cpu_seconds_total", own) },
    ),
    graph(
      { title: "Work at hand", description: "Goroutines: a number that only grows is a leak.", unit: "short" },
      { "{{instance}}": of("go_goroutines", own) },
    ),
  ];
}
