import type { Look } from "./look";

export interface GateOptions {
  /** How long all must be well without a break. */
  readonly steadySeconds: number;
  /** When that must have come to its end. */
  readonly withinSeconds: number;
  /** Takes a line whenever what is wrong has changed. */
  readonly tell: (line: string) => void;
  /** Seconds of some clock. */
  readonly now: () => number;
  readonly sleep: (seconds: number) => Promise<void>;
}

const pauseSeconds = 1;

/**
 * Looks again and again until all was well for long enough. A restart of a container counts as a break, also when it is
 * well before and after. Gives what was wrong last; nothing when the gate is passed.
 */
export async function passGate(look: () => Promise<Look>, options: GateOptions): Promise<readonly string[]> {
  const { steadySeconds, withinSeconds, tell, now, sleep } = options;
  const begin = now();
  let before: ReadonlyMap<string, number> | undefined;
  let wellSince: number | undefined;
  let said: string | undefined;
  for (;;) {
    const { troubles, restarts } = await lookOnce(look);
    const wrong = [...troubles, ...restartedSince(before, restarts)];
    // a look that failed has seen no container, which is no reason to forget them
    if (restarts.size > 0) before = restarts;
    wellSince = wrong.length === 0 ? (wellSince ?? now()) : undefined;
    if (wellSince !== undefined && now() - wellSince >= steadySeconds) return [];
    const line = wrong.length === 0 ? `all is well, and is to be for ${steadySeconds} s` : wrong.join("; ");
    if (line !== said) tell(line);
    said = line;
    if (now() - begin >= withinSeconds)
      return wrong.length === 0 ? [`all was well, but not for ${steadySeconds} s without a break`] : wrong;
    await sleep(pauseSeconds);
  }
}

/** Whoever does not answer is a trouble like others: it may be over at the next look. */
async function lookOnce(look: () => Promise<Look>): Promise<Look> {
  try {
    return await look();
  } catch (error) {
    return { troubles: [error instanceof Error ? error.message : String(error)], restarts: new Map() };
  }
}

function restartedSince(
  before: ReadonlyMap<string, number> | undefined,
  now: ReadonlyMap<string, number>,
): readonly string[] {
  if (before === undefined) return [];
  return [...now].flatMap(([name, count]) => (count > (before.get(name) ?? 0) ? [`${name} was restarted`] : []));
}
