import { describeError } from "../platform/describe-error.ts";
import { pause, type Retrying } from "../platform/retry.ts";
import { turnOf } from "./quotes.ts";

/** Runs a step at once and then at the beginning of each turn, until the signal. One that fails is left to the next turn. */
export async function eachTurn(
  intervalSeconds: number,
  step: (at: number) => Promise<void>,
  { signal, log, what }: Retrying,
): Promise<void> {
  while (!signal.aborted) {
    const at = turnOf(Date.now(), intervalSeconds);
    try {
      await step(at);
    } catch (error) {
      log.warn({ reason: describeError(error), at }, `${what}: failed, trying again at the next turn`);
    }
    // a timer may end a moment early, which would be the old turn still
    await pause((at + intervalSeconds) * 1_000 - Date.now() + 5, signal);
  }
}
