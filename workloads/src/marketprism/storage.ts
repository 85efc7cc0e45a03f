import type { Consumer, JsMsg } from "@nats-io/jetstream";
import { Counter, Gauge } from "prom-client";
import { z } from "zod";
import { describeError } from "../platform/describe-error.ts";
import { repeat, retry } from "../platform/retry.ts";
import { connectBroker, sharedConsumer } from "./broker.ts";
import { createTickStore, pingClickHouse, type TickStore } from "./clickhouse.ts";
import { jobSchema } from "./jobs.ts";
import { defineService, type Service } from "./service.ts";
import { type Tick, tickSchema } from "./tick.ts";
import { clickhouseVariables, natsVariables } from "./variables.ts";

const largestBatch = 500;
const batchMs = 1_000;

/** Writes the ticks of the stream to ClickHouse, and answers questions about them. Replicas share the stream. */
export const storage = defineService(
  "marketprism-storage",
  { ...natsVariables, ...clickhouseVariables, RETENTION_DAYS: z.coerce.number().int().min(1).default(30) },
  async (service, config) => {
    const { app, http, dependsOn } = service;
    const { log, signal } = app;
    const store = createTickStore(http, config);
    dependsOn("clickhouse", "required", () => pingClickHouse(http, config));
    addQueries(service, store);
    await retry(() => store.prepare(), { signal, log, what: "making the table" });
    // What is stored can still be asked for without the broker.
    const broker = await connectBroker(service, config, "optional");
    if (broker === undefined) {
      return;
    }
    await app.ready();

    const ticks = createTickWriter(service, store);
    const removeOld = async (messages: readonly JsMsg[]) => {
      for (const message of messages) {
        const job = jobSchema.safeParse(message.json());
        if (job.success && job.data.job === "retention") {
          await store.removeBefore(Date.parse(job.data.at) - config.RETENTION_DAYS * 86_400_000);
          log.info({ days: config.RETENTION_DAYS }, "removed what is older");
        }
      }
    };
    await Promise.all([
      follow(service, () => sharedConsumer(broker, "TICKS", "storage"), ticks),
      follow(service, () => sharedConsumer(broker, "JOBS", "storage-jobs"), removeOld),
    ]);
    await broker.close();
  },
);

/** Handles messages in batches; they are acknowledged when `handle` has returned, and come again when it has not. */
async function follow(
  { app: { log, signal } }: Service,
  open: () => Promise<Consumer>,
  handle: (messages: readonly JsMsg[]) => Promise<void>,
): Promise<void> {
  let consumer: Consumer | undefined;
  const step = async (): Promise<void> => {
    consumer ??= await open();
    const messages: JsMsg[] = [];
    for await (const message of await consumer.fetch({ max_messages: largestBatch, expires: batchMs })) {
      messages.push(message);
    }
    if (messages.length === 0) {
      return;
    }
    try {
      await handle(messages);
    } catch (error) {
      for (const message of messages) {
        message.nak(1_000);
      }
      throw error;
    }
    // Waited for: an acknowledgement that is lost would bring the message again.
    await Promise.all(messages.map((message) => message.ackAck()));
  };
  await repeat(
    () =>
      step().catch((error: unknown) => {
        consumer = undefined;
        throw error;
      }),
    { signal, log, what: "reading the stream" },
  );
}

function createTickWriter({ app: { log, registry } }: Service, store: TickStore) {
  const registers = [registry];
  const written = new Counter({
    name: "marketprism_rows_written_total",
    help: "Rows that ClickHouse has on disk.",
    labelNames: ["table"],
    registers,
  });
  const newest = new Gauge({
    name: "marketprism_newest_tick_timestamp_seconds",
    help: "When the newest stored tick was seen, in seconds since 1970.",
    registers,
  });
  written.inc({ table: "ticks" }, 0);
  return async (messages: readonly JsMsg[]): Promise<void> => {
    const ticks = messages.flatMap((message): Tick[] => {
      const parsed = tickSchema.safeParse(parsedJson(message));
      if (!parsed.success) {
        log.error({ seq: message.seq, reason: z.prettifyError(parsed.error) }, "tick dropped: nobody could store it");
      }
      return parsed.success ? [parsed.data] : [];
    });
    if (ticks.length === 0) {
      return;
    }
    await store.insert(ticks);
    written.inc({ table: "ticks" }, ticks.length);
    newest.set(Math.max(...ticks.map(({ at }) => at)) / 1_000);
  };
}

function parsedJson(message: JsMsg): unknown {
  try {
    return message.json();
  } catch (error) {
    return describeError(error);
  }
}

const querySchema = z.object({
  symbol: z
    .string()
    .regex(/^[A-Z0-9]+$/, "use capital letters and digits")
    .optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

function addQueries({ route }: Service, store: TickStore): void {
  route("GET /ticks", async ({ url }) => {
    const given = new URL(url ?? "/", "http://storage").searchParams;
    const query = querySchema.safeParse(Object.fromEntries(given));
    return query.success
      ? { status: 200, body: { ticks: await store.newest(query.data.limit, query.data.symbol) } }
      : { status: 400, body: { error: z.prettifyError(query.error) } };
  });
  route("GET /latest", async () => ({ status: 200, body: { ticks: await store.latest() } }));
}
