import { type Maybe, pending } from "./plain";

/** Whether something is so, as far as it is known. */
export type Verdict = Maybe<boolean>;

export function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(pending) ? pending : false;
}

export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(pending) ? pending : true;
}
