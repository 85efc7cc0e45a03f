import { accessSync, constants } from "node:fs";
import { describeError } from "../platform/describe-error.ts";

/** What readiness is made of: `ok`, or the reason why not. */
export type Checks = Readonly<Record<"config" | "data" | "market", string>>;

/** The market counts as gone when so many of its ticks have passed without a price. */
const missedTicks = 10;

export interface Situation {
  readonly dataDir: string;
  readonly tickMs: number;
  /** When the last price came, on the clock of `now`; undefined before the first. */
  readonly lastPriceAt: number | undefined;
  readonly now: number;
}

/** The configuration was read before anything was served, so it is always fine here. */
export function readinessOf({ dataDir, tickMs, lastPriceAt, now }: Situation): Checks {
  return { config: "ok", data: writable(dataDir), market: fresh(lastPriceAt, now, tickMs) };
}

export const isReady = (checks: Checks): boolean => Object.values(checks).every((verdict) => verdict === "ok");

function writable(folder: string): string {
  try {
    accessSync(folder, constants.W_OK);
    return "ok";
  } catch (error) {
    return describeError(error);
  }
}

function fresh(lastPriceAt: number | undefined, now: number, tickMs: number): string {
  if (lastPriceAt === undefined) {
    return "no price yet";
  }
  const age = now - lastPriceAt;
  return age <= Math.max(missedTicks * tickMs, 5_000) ? "ok" : `the last price came ${Math.round(age / 1_000)} s ago`;
}
