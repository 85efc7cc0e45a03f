import { z } from "zod";

/** What NATS says of itself at /varz, as far as it is told on. */
export const serverSchema = z.object({
  connections: z.number(),
  slow_consumers: z.number(),
  in_msgs: z.number(),
  out_msgs: z.number(),
});

/** And at /jsz. */
export const jetStreamSchema = z.object({
  storage: z.number(),
  messages: z.number(),
  config: z.object({ max_storage: z.number() }),
  account_details: z
    .array(
      z.object({
        stream_detail: z
          .array(
            z.object({
              name: z.string(),
              state: z.object({ messages: z.number(), bytes: z.number() }),
              consumer_detail: z.array(z.object({ name: z.string(), num_pending: z.number() })).default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

type Server = z.output<typeof serverSchema>;
type JetStream = z.output<typeof jetStreamSchema>;

/** One figure of the broker. */
export interface Figure {
  readonly name: keyof typeof brokerMetrics;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The broker's metrics, with what they tell. */
export const brokerMetrics = {
  nats_connections: "Clients of the broker.",
  nats_slow_consumers_total: "Clients cut off because they did not keep up, since the broker's start.",
  nats_messages_in_total: "Messages taken in since the broker's start.",
  nats_messages_out_total: "Messages given out since the broker's start.",
  nats_jetstream_storage_bytes: "Bytes that streams take on disk.",
  nats_jetstream_storage_limit_bytes: "Bytes that streams may take on disk.",
  nats_jetstream_messages: "Messages kept.",
  nats_stream_messages: "Messages kept, by stream.",
  nats_consumer_pending_messages: "Messages that a consumer has not been given yet.",
} as const;

export function brokerFigures(server: Server, jetStream: JetStream): readonly Figure[] {
  const figure = (name: Figure["name"], value: number, labels: Figure["labels"] = {}): Figure => ({
    name,
    value,
    labels,
  });
  const streams = jetStream.account_details.flatMap((account) => account.stream_detail);
  return [
    figure("nats_connections", server.connections),
    figure("nats_slow_consumers_total", server.slow_consumers),
    figure("nats_messages_in_total", server.in_msgs),
    figure("nats_messages_out_total", server.out_msgs),
    figure("nats_jetstream_storage_bytes", jetStream.storage),
    figure("nats_jetstream_storage_limit_bytes", jetStream.config.max_storage),
    figure("nats_jetstream_messages", jetStream.messages),
    ...streams.flatMap(({ name: stream, state, consumer_detail: consumers }) => [
      figure("nats_stream_messages", state.messages, { stream }),
      ...consumers.map(({ name: consumer, num_pending: pending }) =>
        figure("nats_consumer_pending_messages", pending, { stream, consumer }),
      ),
    ]),
  ];
}
