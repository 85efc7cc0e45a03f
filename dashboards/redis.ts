import type { Panel } from "./grafana";
import { figure, graph } from "./panels";

/** How a Redis server fares, from redis-exporter. */
export function redisPanels(job: string): readonly Panel[] {
  const own = `{job="${job}"}`;
  return [
    figure({ title: `${job}: answers`, description: "1 when it does.", unit: "short" }, `redis_up${own}`),
    figure({ title: `${job}: clients`, description: "Connected.", unit: "short" }, `redis_connected_clients${own}`),
    figure(
      { title: `${job}: memory`, description: "Share of what data may take.", unit: "percentunit", alarmAbove: 0.9 },
      `redis_memory_used_bytes${own} / (redis_memory_max_bytes${own} > 0)`,
    ),
    figure(
      { title: `${job}: evicted`, description: "Keys that gave way to others in the last hour.", unit: "short" },
      `increase(redis_evicted_keys_total${own}[1h])`,
    ),
    graph(
      { title: `${job}: commands`, description: "A second.", unit: "ops" },
      { commands: `rate(redis_commands_processed_total${own}[1m])` },
    ),
    graph(
      { title: `${job}: look-ups`, description: "Of keys that were there, and that were not; a second.", unit: "ops" },
      {
        hits: `rate(redis_keyspace_hits_total${own}[1m])`,
        misses: `rate(redis_keyspace_misses_total${own}[1m])`,
      },
    ),
  ];
}
