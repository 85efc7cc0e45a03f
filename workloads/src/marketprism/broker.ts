import {
  AckPolicy,
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { App } from "../platform/app.ts";
import { retry } from "../platform/retry.ts";
import type { Service } from "./service.ts";
import type { NatsConfig, ServiceConfig } from "./variables.ts";

/** Where ticks and jobs are kept until somebody has worked them off; both on disk. */
const streams = {
  TICKS: { subjects: ["market.ticks.*"], maxBytes: 256 * 1024 * 1024 },
  JOBS: { subjects: ["market.jobs.*"], maxBytes: 16 * 1024 * 1024 },
} as const;

export type StreamName = keyof typeof streams;

const day = 24 * 60 * 60 * 1_000_000_000;
const ackWaitNs = 30 * 1_000_000_000;

export interface Broker {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Fails unless the broker answers now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects when the broker is there, reconnects for ever, and makes the streams that are missing; counts the broker among
 * the service's dependencies from the beginning. Undefined after the signal.
 */
export async function connectBroker(
  { app, dependsOn }: Pick<Service, "app" | "dependsOn">,
  config: NatsConfig & Pick<ServiceConfig, "SERVICE_NAME">,
  kind: "required" | "optional" = "required",
): Promise<Broker | undefined> {
  let broker: Broker | undefined;
  dependsOn("nats", kind, async () => {
    if (broker === undefined) {
      throw new Error("not connected yet");
    }
    await broker.check();
  });
  broker = await open(config, app);
  return broker;
}

function open(
  { NATS_URL, NATS_USER, NATS_PASSWORD, SERVICE_NAME: name }: NatsConfig & Pick<ServiceConfig, "SERVICE_NAME">,
  { signal, log }: Pick<App, "signal" | "log">,
): Promise<Broker | undefined> {
  const account = NATS_USER === undefined ? {} : { user: NATS_USER, pass: NATS_PASSWORD ?? "" };
  return retry(
    async () => {
      const connection = await connect({
        servers: NATS_URL,
        name,
        maxReconnectAttempts: -1,
        timeout: 3_000,
        ...account,
      });
      try {
        const manager = await jetstreamManager(connection);
        for (const stream of Object.keys(streams) as StreamName[]) {
          await makeStream(manager, stream);
        }
        return brokerOf(connection, manager);
      } catch (error) {
        await connection.close();
        throw error;
      }
    },
    { signal, log, what: "connecting to the broker" },
  );
}

function brokerOf(connection: NatsConnection, manager: JetStreamManager): Broker {
  return {
    connection,
    js: jetstream(connection),
    manager,
    async check() {
      await connection.flush();
    },
    // What is under way gets two seconds: a broker that is away would hold the stop up.
    close: () => Promise.race([connection.drain(), new Promise<void>((done) => setTimeout(done, 2_000).unref())]),
  };
}

/** As it is where it is already: limits that somebody has changed at the broker stay. */
async function makeStream(manager: JetStreamManager, name: StreamName): Promise<void> {
  const { subjects, maxBytes } = streams[name];
  const there = await manager.streams.list().next();
  if (there.some(({ config }) => config.name === name)) {
    return;
  }
  await manager.streams.add({
    name,
    subjects: [...subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_bytes: maxBytes,
    max_age: day,
    duplicate_window: 120 * 1_000_000_000,
  });
}

/** A consumer that replicas share: each message goes to one of them, and comes again unless it is acknowledged. */
export async function sharedConsumer({ manager, js }: Broker, stream: StreamName, durable: string) {
  await manager.consumers.add(stream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: ackWaitNs,
    max_ack_pending: 5_000,
  });
  return js.consumers.get(stream, durable);
}
