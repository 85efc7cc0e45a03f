import type { Sample } from "./process";
import { benchServices } from "./services";
import type { Tool } from "./tools";

/** What is measured, in this order. */
export const phases = ["cold up to healthy", "nothing to do", "one variable changed", "down"] as const;
export type Phase = (typeof phases)[number];

/** Where the tools bring the services up. */
export interface Place {
  /** What runs of a tool, by what changes with each replacement. Throws unless as many as expected are healthy. */
  healthy(prefix: string, expected: number): Promise<ReadonlySet<string>>;
  /** Throws when something of a tool is left. */
  expectNothing(prefix: string): Promise<void>;
}

export interface Measured {
  readonly tool: string;
  readonly samples: Readonly<Record<Phase, readonly Sample[]>>;
}

/**
 * Runs every tool through all phases, round after round, so that a busy machine is busy for all of them. Throws when a tool
 * does not do what it is measured for: bring all up healthy, change nothing, change one, leave nothing.
 */
export async function measureRounds(
  place: Place,
  tools: readonly Tool[],
  rounds: number,
  say: (line: string) => void,
): Promise<readonly Measured[]> {
  const measured = tools.map((tool) => ({ tool, rounds: [] as Readonly<Record<Phase, Sample>>[] }));
  for (let round = 1; round <= rounds; round++) {
    for (const { tool, rounds: done } of measured) {
      say(`round ${round} of ${rounds}: ${tool.name}`);
      done.push(await oneRound(place, tool, round));
    }
  }
  return measured.map(({ tool, rounds: done }) => ({
    tool: tool.name,
    samples: byPhase((phase) => done.map((samples) => samples[phase])),
  }));
}

function byPhase<Result>(result: (phase: Phase) => Result): Record<Phase, Result> {
  const [cold, nothing, one, down] = phases;
  return { [cold]: result(cold), [nothing]: result(nothing), [one]: result(one), [down]: result(down) };
}

async function oneRound(place: Place, tool: Tool, round: number): Promise<Readonly<Record<Phase, Sample>>> {
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
}

function gone(before: ReadonlySet<string>, after: ReadonlySet<string>): number {
  return [...before].filter((id) => !after.has(id)).length;
}

function expectReplaced({ name }: Tool, replaced: number, expected: number): void {
  if (replaced !== expected) throw new Error(`${name} replaced ${replaced}, and should have replaced ${expected}`);
}
