import type { StrategySettings } from "../config/strategy-file.ts";
import { priceChannel, type Quote, quoteSchema } from "../domain/messages.ts";
import { createStrategy, type Signal, type Strategy } from "../domain/strategy.ts";
import { describeError } from "../platform/describe-error.ts";
import type { Logger } from "../platform/logger.ts";
import type { Redis } from "../platform/redis.ts";

/** What the strategy thinks of a symbol, told with each of its prices. */
type SignalListener = (quote: Quote, signal: Signal) => void;

export interface Signals {
  /** Tells the listener of each price until the signal. */
  listen(listener: SignalListener, until: AbortSignal): void;
}

/** Subscribes to the prices and runs the strategy of every symbol that appears. Redis may be away: it follows once it is there. */
export function followPrices(subscriber: Redis, settings: StrategySettings, log: Logger): Signals {
  const strategies = new Map<string, Strategy>();
  const listeners = new Set<SignalListener>();

  const strategyOf = (symbol: string): Strategy => {
    const strategy = strategies.get(symbol) ?? createStrategy(settings);
    strategies.set(symbol, strategy);
    return strategy;
  };

  subscriber.on("message", (_channel: string, text: string) => {
    const quote = quoteSchema.safeParse(parseJson(text));
    if (!quote.success) {
      log.warn("a price was not understood and is ignored");
      return;
    }
    const signal = strategyOf(quote.data.symbol).update(quote.data.last);
    for (const listener of listeners) {
      listener(quote.data, signal);
    }
  });
  const subscribe = (): void => {
    subscriber.subscribe(priceChannel).catch((error: unknown) => {
      // The connection broke in between; the next one subscribes again.
      log.warn({ reason: describeError(error) }, "not subscribed to the prices yet");
    });
  };
  subscriber.on("ready", subscribe);

  return {
    listen(listener, until) {
      listeners.add(listener);
      until.addEventListener("abort", () => listeners.delete(listener));
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
