import type { Board } from "./grafana";
import { figure, graph } from "./panels";
import { ofSystem, share } from "./promql";

/** How Redis servers fare, each by its job, from redis-exporter. */
export function redisBoard(): Board {
  const { of, rate, grown } = ofSystem;
  const per = (expression: string): string => `sum by (job) (${expression})`;
  const hits = per(rate("redis_keyspace_hits_total"));
  const misses = per(rate("redis_keyspace_misses_total"));
  return {
    anchor: "redis_up",
    panels: [
      figure({ title: "Answers", description: "Servers that do.", unit: "short" }, `sum(${of("redis_up")})`),
      figure({ title: "Clients", description: "Connected.", unit: "short" }, `sum(${of("redis_connected_clients")})`),
      figure(
        { title: "Fullest", description: "Share of what data may take.", unit: "percentunit", alarmAbove: 0.9 },
        `max(${of("redis_memory_used_bytes")} / (${of("redis_memory_max_bytes")} > 0))`,
      ),
      figure(
        { title: "Evicted", description: "Keys that gave way to others in the time that is shown.", unit: "short" },
        `sum(${grown("redis_evicted_keys_total")})`,
      ),
      graph(
        { title: "Commands", description: "A second.", unit: "ops" },
        { "{{job}}": per(rate("redis_commands_processed_total")) },
      ),
      graph(
        { title: "Memory", description: "What data takes.", unit: "bytes" },
        { "{{job}}": per(of("redis_memory_used_bytes")) },
      ),
      graph(
        { title: "Refused", description: "Connections beyond those allowed, a second.", unit: "ops" },
        { "{{job}}": per(rate("redis_rejected_connections_total")) },
      ),
      graph(
        {
          title: "Fragmentation",
          description: "Memory that the process holds, of that which data takes; small servers have much of it.",
          unit: "short",
        },
        { "{{job}}": `max by (job) (${of("redis_mem_fragmentation_ratio")})` },
      ),
      graph(
        { title: "Look-ups", description: "Of keys that were there, and that were not; a second.", unit: "ops" },
        { "{{job}} hits": hits, "{{job}} misses": misses },
      ),
      graph(
        { title: "Hit ratio", description: "Share of the look-ups that found their key.", unit: "percentunit" },
        { "{{job}}": share(hits, `(${hits} + ${misses})`) },
      ),
    ],
  };
}
