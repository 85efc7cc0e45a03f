import { Counter } from "prom-client";
import type { Quote } from "../domain/messages.ts";
import type { App } from "../platform/app.ts";
import type { Redis } from "../platform/redis.ts";
import type { Breaker } from "./breaker.ts";
import type { Broker } from "./broker.ts";
import { runSaga } from "./saga.ts";
import { normalise, type Tick, tickSubject } from "./tick.ts";

/** Where a tick is put, and taken away from again. */
export interface TickSink {
  /** Whether the broker has the tick for good; false when it had it before. */
  publish(tick: Tick): Promise<boolean>;
  /** Takes it away if it is there. */
  withdraw(tick: Tick): Promise<void>;
}

/** Where the last normalised tick of each symbol is kept for others to look at. */
export interface TickCache {
  replace(tick: Tick): Promise<Tick | undefined>;
  restore(symbol: string, previous: Tick | undefined): Promise<void>;
}

export interface CollectOptions {
  readonly slotMs: number;
  readonly sink: TickSink;
  readonly cache: TickCache;
  readonly breaker: Breaker;
}

/** Takes one quote in: normalises it, then saves it; when either fails, neither has happened. */
export function createCollect(
  { log, registry, instance }: Pick<App, "log" | "registry" | "instance">,
  { slotMs, sink, cache, breaker }: CollectOptions,
): (quote: Quote) => Promise<void> {
  const registers = [registry];
  const published = new Counter({
    name: "marketprism_messages_published_total",
    help: "Messages that the broker has acknowledged.",
    labelNames: ["subject"],
    registers,
  });
  const compensations = new Counter({
    name: "marketprism_saga_compensations_total",
    help: "Steps taken back because one failed.",
    labelNames: ["step"],
    registers,
  });
  for (const step of ["normalise", "save"]) {
    compensations.inc({ step }, 0);
  }

  return async (quote) => {
    const tick = normalise(quote, { slotMs, collector: instance });
    let previous: Tick | undefined;
    await runSaga(
      [
        {
          name: "normalise",
          run: async () => {
            previous = await cache.replace(tick);
          },
          compensate: () => cache.restore(tick.symbol, previous),
        },
        {
          name: "save",
          run: async () => {
            const isNew = await breaker.run(() => sink.publish(tick));
            if (isNew) {
              published.inc({ subject: tickSubject(tick) });
            }
          },
          compensate: () => sink.withdraw(tick),
        },
      ],
      {
        compensated: (step) => compensations.inc({ step }),
        stuck: (step, reason) => log.warn({ step, reason, tick: tick.id }, "a step could not be taken back"),
      },
    );
  };
}

/** The stream of ticks. A tick has its id as the message's, so that the broker drops it when it comes twice. */
export function brokerSink({ js, manager }: Broker, timeoutMs: number): TickSink {
  return {
    async publish(tick) {
      const ack = await js.publish(tickSubject(tick), JSON.stringify(tick), { msgID: tick.id, timeout: timeoutMs });
      return !ack.duplicate;
    },
    async withdraw(tick) {
      const last = await manager.streams.getMessage("TICKS", { last_by_subj: tickSubject(tick) });
      if (last !== null && last.json<Tick>().id === tick.id) {
        await manager.streams.deleteMessage("TICKS", last.seq);
      }
    },
  };
}

const cacheKey = (symbol: string): string => `marketprism:latest:${symbol}`;
const cacheSeconds = 3_600;

export function redisCache(redis: Redis): TickCache {
  return {
    async replace(tick) {
      const previous = await redis.set(cacheKey(tick.symbol), JSON.stringify(tick), "EX", cacheSeconds, "GET");
      return previous === null ? undefined : (JSON.parse(previous) as Tick);
    },
    async restore(symbol, previous) {
      if (previous === undefined) {
        await redis.del(cacheKey(symbol));
      } else {
        await redis.set(cacheKey(symbol), JSON.stringify(previous), "EX", cacheSeconds);
      }
    },
  };
}
