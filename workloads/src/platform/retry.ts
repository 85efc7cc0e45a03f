import { setTimeout as delay } from "node:timers/promises";
import { describeError } from "./describe-error.ts";
import type { Logger } from "./logger.ts";

export interface Retrying {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** What is tried, for the log: "reading orders". */
  readonly what: string;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * Runs a step again and again until the signal. A step that fails is tried again after a pause that doubles up to 5 s,
 * for as long as it takes; the step that runs at the time of the signal is let finish.
 */
export async function repeat(step: () => Promise<void>, { signal, log, what }: Retrying): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await step();
      if (failures > 0) {
        log.info({ failures }, `${what}: works again`);
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) {
        log.warn({ reason: describeError(error) }, `${what}: given up for the stop`);
        return;
      }
      failures += 1;
      const pauseMs = backOff(failures);
      log.warn({ reason: describeError(error), failures, pauseMs }, `${what}: failed, trying again`);
      await pause(pauseMs, signal);
    }
  }
}

/** Tries until it works; gives undefined when the signal came first. */
export async function retry<Result>(attempt: () => Promise<Result>, retrying: Retrying): Promise<Result | undefined> {
  const done = new AbortController();
  let result: Result | undefined;
  const signal = AbortSignal.any([retrying.signal, done.signal]);
  await repeat(
    async () => {
      result = await attempt();
      done.abort();
    },
    { ...retrying, signal },
  );
  return result;
}

/** Runs a step each `periodMs` until the signal. A failed run is logged once per row of failures and never stops the clock. */
export async function every(
  periodMs: number,
  step: () => Promise<void>,
  { signal, log, what }: Retrying,
): Promise<void> {
  let failing = false;
  let due = performance.now();
  while (!signal.aborted) {
    try {
      await step();
      if (failing) {
        log.info(`${what}: works again`);
      }
      failing = false;
    } catch (error) {
      if (!failing) {
        log.warn({ reason: describeError(error) }, `${what}: failed, trying again at the next turn`);
      }
      failing = true;
    }
    // A run that took too long shifts the next ones; they do not come in a burst.
    due = Math.max(due + periodMs, performance.now());
    await pause(due - performance.now(), signal);
  }
}

/** Milliseconds to wait after the n-th failure in a row: doubling, up to 5 s, with a fifth of chance in it. */
export function backOff(failures: number, random: () => number = Math.random): number {
  const full = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);
  return Math.round(full * (0.8 + 0.2 * random()));
}

/** Waits; the signal ends the wait early, which is no error. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(ms, 0), undefined, { signal }).catch(() => undefined);
}
