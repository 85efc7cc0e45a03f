import type { Board } from "./grafana";
import { figure, graph } from "./panels";
import { ofSystem, share } from "./promql";

/** How a NATS broker fares, from its reports as metrics. */
export function natsBoard(): Board {
  const { of, rate, grown } = ofSystem;
  return {
    anchor: "nats_up",
    panels: [
      figure(
        { title: "Reports", description: "1 when the broker could be asked.", unit: "short" },
        `min(${of("nats_up")})`,
      ),
      figure({ title: "Clients", description: "Connected.", unit: "short" }, `sum(${of("nats_connections")})`),
      figure(
        {
          title: "Store",
          description: "Share of what streams may take on disk.",
          unit: "percentunit",
          alarmAbove: 0.8,
        },
        share(`sum(${of("nats_jetstream_storage_bytes")})`, `sum(${of("nats_jetstream_storage_limit_bytes")})`),
      ),
      figure(
        { title: "Slow consumers", description: "Cut off in the time that is shown.", unit: "short", alarmAbove: 1 },
        `sum(${grown("nats_slow_consumers_total")})`,
      ),
      graph(
        { title: "Messages", description: "A second, with the clients' own questions.", unit: "ops" },
        { in: `sum(${rate("nats_messages_in_total")})`, out: `sum(${rate("nats_messages_out_total")})` },
      ),
      graph(
        { title: "Not yet given out", description: "Messages that wait for a consumer.", unit: "short" },
        { "{{stream}} to {{consumer}}": of("nats_consumer_pending_messages") },
      ),
    ],
  };
}
