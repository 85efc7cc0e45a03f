import type { Sample } from "./process";
import { benchServices } from "./services";
import type { Tool } from "./tools";

/** What is measured, in this order. */
export const phases = ["cold up to healthy", "nothing to do", "one variable changed", "down"] as const;
type Phase = (typeof phases)[number];

/** Where the tools bring the services up. */
export interface Place {
  /** What runs of a tool, by what changes with each replacement. Throws unless as many as expected are healthy. */
  healthy(prefix: string, expected: number): Promise<ReadonlySet<string>>;
  /** Throws when something of a tool is left. */
  expectNothing(prefix: string): Promise<void>;
}

/** What each phase took a tool, round by round. */
export interface Measured<P extends string> {
  readonly tool: string;
  readonly samples: Readonly<Record<P, readonly Sample[]>>;
}

/** Takes a tool through all phases. Throws when it does not do what it is measured for. */
export type Round<P extends string> = (tool: Tool, round: number) => Promise<Readonly<Record<P, Sample>>>;

/** Runs every tool through all phases, round after round, so that a busy machine is busy for all of them. */
export async function measureRounds<P extends string>(
  phases: readonly P[],
  {
    tools,
    rounds,
    oneRound,
  }: { readonly tools: readonly Tool[]; readonly rounds: number; readonly oneRound: Round<P> },
  say: (line: string) => void,
): Promise<readonly Measured<P>[]> {
  const measured = tools.map((tool) => ({ tool, rounds: [] as Readonly<Record<P, Sample>>[] }));
  for (let round = 1; round <= rounds; round++) {
    for (const { tool, rounds: done } of measured) {
      say(`round ${round} of ${rounds}: ${tool.name}`);
      done.push(await oneRound(tool, round));
    }
  }
  return measured.map(({ tool, rounds: done }) => ({
    tool: tool.name,
    samples: perPhase(phases, (phase) => done.map((samples) => samples[phase])),
  }));
}

export function perPhase<P extends string, Result>(
  phases: readonly P[],
  result: (phase: P) => Result,
): Record<P, Result> {
  return Object.fromEntries(phases.map((phase) => [phase, result(phase)])) as Record<P, Result>;
}

/** A round of the eight services: all come up healthy, nothing changes, one is changed, and nothing is left. */
export function roundAt(place: Place): Round<Phase> {
  return async (tool, round) => {
    const services = benchServices("").length;
    const before = `before-${round}`;
    const cold = await tool.up(before);
    const first = await place.healthy(tool.prefix, services);
    const nothing = await tool.up(before);
    const second = await place.healthy(tool.prefix, services);
    expectReplaced(tool, gone(first, second), 0);
    const one = await tool.up(`after-${round}`);
    const third = await place.healthy(tool.prefix, services);
    expectReplaced(tool, gone(second, third), 1);
    const down = await tool.down();
    await place.expectNothing(tool.prefix);
    return { "cold up to healthy": cold, "nothing to do": nothing, "one variable changed": one, down };
  };
}

/** How many are not there any more. */
export function gone(before: ReadonlySet<string>, after: ReadonlySet<string>): number {
  return [...before].filter((id) => !after.has(id)).length;
}

export function expectReplaced({ name }: Tool, replaced: number, expected: number): void {
  if (replaced !== expected) throw new Error(`${name} replaced ${replaced}, and should have replaced ${expected}`);
}
