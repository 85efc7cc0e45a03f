import { z } from "zod";
import type { Quote } from "../domain/messages.ts";

/** A price as it is published and stored. */
export const tickSchema = z.object({
  /** The same for all collectors that saw the same price, so that only one of them counts. */
  id: z.string(),
  symbol: z.string().regex(/^[A-Z0-9]+$/),
  price: z.number().positive(),
  volume: z.number().nonnegative(),
  /** Milliseconds since 1970. */
  at: z.int().positive(),
  collector: z.string(),
});

export type Tick = z.output<typeof tickSchema>;

/** Eight places, as exchanges quote; the slot of time gives the id. */
export function normalise(
  quote: Quote,
  { slotMs, collector }: { readonly slotMs: number; readonly collector: string },
): Tick {
  const symbol = quote.symbol.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
  return tickSchema.parse({
    id: `${symbol}-${Math.floor(quote.at / slotMs)}`,
    symbol,
    price: Number(quote.last.toFixed(8)),
    volume: Number(quote.volume.toFixed(8)),
    at: quote.at,
    collector,
  });
}

export const tickSubject = ({ symbol }: Pick<Tick, "symbol">): string => `market.ticks.${symbol}`;
