/** What the client libraries of Prometheus for Go and for Node.js export of the process itself; rules about services use it. */
export const processMetrics: readonly string[] = [
  "process_cpu_seconds_total",
  "process_resident_memory_bytes",
  "process_start_time_seconds",
];
