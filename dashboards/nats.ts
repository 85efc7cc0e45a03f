import type { Panel } from "./grafana";
import { figure, graph } from "./panels";

/** How a NATS broker fares, from its reports as metrics. */
export function natsPanels(job: string): readonly Panel[] {
  const own = `{job="${job}"}`;
  return [
    figure({ title: "Reports", description: "1 when the broker could be asked.", unit: "short" }, `nats_up${own}`),
    figure({ title: "Clients", description: "Connected.", unit: "short" }, `nats_connections${own}`),
    figure(
      { title: "Store", description: "Share of what streams may take on disk.", unit: "percentunit", alarmAbove: 0.8 },
      `nats_jetstream_storage_bytes${own} / (nats_jetstream_storage_limit_bytes${own} > 0)`,
    ),
    figure(
      { title: "Slow consumers", description: "Cut off in the last hour.", unit: "short" },
      `increase(nats_slow_consumers_total${own}[1h])`,
    ),
    graph(
      { title: "Messages", description: "A second, with the clients' own questions.", unit: "short" },
      { in: `rate(nats_messages_in_total${own}[1m])`, out: `rate(nats_messages_out_total${own}[1m])` },
    ),
    graph(
      { title: "Not yet given out", description: "Messages that wait for a consumer.", unit: "short" },
      { "{{stream}} to {{consumer}}": `nats_consumer_pending_messages${own}` },
    ),
  ];
}
