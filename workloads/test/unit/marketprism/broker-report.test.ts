import assert from "node:assert/strict";
import { brokerFigures, jetStreamSchema, serverSchema } from "../../../src/marketprism/broker-report.ts";

describe("what the broker reports", () => {
  it("becomes figures, with one for each stream and consumer", () => {
    const server = serverSchema.parse({ connections: 2, slow_consumers: 1, in_msgs: 5, out_msgs: 6, uptime: "1s" });
    const jetStream = jetStreamSchema.parse({
      storage: 10,
      messages: 3,
      config: { max_storage: 100 },
      account_details: [
        {
          stream_detail: [
            {
              name: "TICKS",
              state: { messages: 3, bytes: 10 },
              consumer_detail: [{ name: "storage", num_pending: 2 }],
            },
          ],
        },
      ],
    });
    const figures = brokerFigures(server, jetStream).map(({ name, labels, value }) => [name, labels, value]);
    assert.deepEqual(figures.slice(-2), [
      ["nats_stream_messages", { stream: "TICKS" }, 3],
      ["nats_consumer_pending_messages", { stream: "TICKS", consumer: "storage" }, 2],
    ]);
    assert.deepEqual(figures[4], ["nats_jetstream_storage_bytes", {}, 10]);
  });
});
