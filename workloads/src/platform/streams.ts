import { z } from "zod";
import type { StreamMessages } from "../domain/messages.ts";
import { describeError } from "./describe-error.ts";
import type { Logger } from "./logger.ts";
import type { Redis } from "./redis.ts";
import { repeat } from "./retry.ts";

/** Old messages are dropped from here on; PostgreSQL is what remembers, streams only carry. */
const maxLength = 10_000;
const batchSize = 16;
const blockMs = 1_000;
/** A message that nobody finished for so long belongs to a consumer that is gone. */
const abandonedMs = 5_000;

/** Appends a message to a stream. */
export async function publish<Name extends keyof StreamMessages>(
  redis: Redis,
  stream: Name,
  message: StreamMessages[Name],
): Promise<void> {
  await redis.xadd(stream, "MAXLEN", "~", maxLength, "*", "json", JSON.stringify(message));
}

export interface Subscription<Message> {
  readonly stream: keyof StreamMessages;
  /** The members of a group share the messages: each goes to one of them. */
  readonly group: string;
  readonly consumer: string;
  readonly schema: z.ZodType<Message>;
  /** Must bear to see a message twice. A message counts as done when this returns; when it throws, it comes again. */
  handle(message: Message): Promise<void>;
  /** Whether the messages of a batch are handled at the same time. */
  readonly parallel: boolean;
}

export interface ConsumerContext {
  /** A connection for this consumer alone, as it blocks. */
  readonly reader: Redis;
  readonly redis: Redis;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

type Entry = readonly [id: string, fields: readonly string[] | null];

const entriesSchema = z.array(z.tuple([z.string(), z.array(z.string()).nullable()]));
const readSchema = z.array(z.tuple([z.string(), entriesSchema])).nullable();
const claimSchema = z.tuple([z.string(), entriesSchema]).rest(z.unknown());

/** Handles each message of a stream at least once, until the signal; what was begun by then is finished. */
export async function consume<Message>(subscription: Subscription<Message>, context: ConsumerContext): Promise<void> {
  const { stream, group, consumer } = subscription;
  const { reader, redis, signal } = context;
  const log = context.log.child({ stream });
  /** Where the reading of the own unfinished messages has got to; undefined once they are all seen. */
  let cursor: string | undefined = "0";
  let nextClaim = 0;

  await repeat(() => step().catch(startOverIfGone), { signal, log, what: `reading ${stream}` });
  await leave(subscription, redis, log);

  async function step(): Promise<void> {
    if (cursor !== undefined) {
      if (cursor === "0") {
        await createGroup(redis, stream, group);
      }
      // The same container, started again, first finishes what it was killed at.
      const owned = await redis.xreadgroup("GROUP", group, consumer, "COUNT", batchSize, "STREAMS", stream, cursor);
      const entries = entriesOf(owned);
      cursor = entries.at(-1)?.[0];
      await work(entries);
    } else if (performance.now() >= nextClaim) {
      nextClaim = performance.now() + abandonedMs;
      const claimed = await redis.xautoclaim(stream, group, consumer, abandonedMs, "0", "COUNT", batchSize);
      await work(claimSchema.parse(claimed)[1]);
    } else {
      await work(
        entriesOf(
          await reader.xreadgroup(
            "GROUP",
            group,
            consumer,
            "COUNT",
            batchSize,
            "BLOCK",
            blockMs,
            "STREAMS",
            stream,
            ">",
          ),
        ),
      );
    }
  }

  /** A stream may vanish with its groups: redis lost its data, or evicted the key. Both are then made anew. */
  function startOverIfGone(error: unknown): never {
    if (/^(NOGROUP|UNBLOCKED)/.test(describeError(error))) {
      cursor = "0";
    }
    throw error;
  }

  async function work(entries: readonly Entry[]): Promise<void> {
    if (subscription.parallel) {
      const outcomes = await Promise.allSettled(entries.map(finish));
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed !== undefined) {
        throw failed.reason;
      }
      return;
    }
    for (const entry of entries) {
      await finish(entry);
    }
  }

  async function finish([id, fields]: Entry): Promise<void> {
    const message = parseMessage(subscription.schema, fields);
    if (message.success) {
      await subscription.handle(message.data);
    } else {
      log.error({ id, reason: message.reason }, "message dropped: nobody could ever handle it");
    }
    await redis.xack(stream, group, id);
  }
}

const entriesOf = (reply: unknown): Entry[] => readSchema.parse(reply)?.[0]?.[1] ?? [];

type Parsed<Message> = { success: true; data: Message } | { success: false; reason: string };

function parseMessage<Message>(schema: z.ZodType<Message>, fields: readonly string[] | null): Parsed<Message> {
  const text = fields?.[fields.indexOf("json") + 1];
  if (text === undefined) {
    return { success: false, reason: "the message is gone from the stream" };
  }
  try {
    return { success: true, data: schema.parse(JSON.parse(text)) };
  } catch (error) {
    return { success: false, reason: error instanceof z.ZodError ? z.prettifyError(error) : describeError(error) };
  }
}

async function createGroup(redis: Redis, stream: string, group: string): Promise<void> {
  try {
    await redis.xgroup("CREATE", stream, group, "0", "MKSTREAM");
  } catch (error) {
    if (!describeError(error).startsWith("BUSYGROUP")) {
      throw error;
    }
  }
}

/** A consumer that owes nothing takes its name off the list, so that replaced containers leave no trace. */
async function leave<Message>(
  { stream, group, consumer }: Subscription<Message>,
  redis: Redis,
  log: Logger,
): Promise<void> {
  try {
    const owed = await redis.xpending(stream, group, "-", "+", 1, consumer);
    if (owed.length === 0) {
      await redis.xgroup("DELCONSUMER", stream, group, consumer);
    }
  } catch (error) {
    log.warn({ reason: describeError(error) }, "the consumer stays on the list of its group");
  }
}
