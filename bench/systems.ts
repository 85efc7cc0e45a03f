import { stackSchema } from "../config/stack";
import type { ImageSource } from "../images/source";
import { provideImages } from "../systems/images";
import type { SystemName } from "../systems/places";
import { planSystems } from "../systems/plan";
import { engine, removeAll, runningContainers } from "./engine";
import { type Row, summarise } from "./report";
import { expectReplaced, gone, measureRounds, type Round } from "./rounds";
import { composeOfSystem, settingsOf, twofoldOfSystem } from "./system-tools";
import { buildCompose } from "./tools";

/** What is measured of systems, in this order. */
export const systemPhases = ["cold up to healthy", "nothing to do", "down"] as const;
type SystemPhase = (typeof systemPhases)[number];

export interface SystemsOptions {
  readonly systems: readonly SystemName[];
  readonly rounds: number;
  readonly source: ImageSource;
  readonly say: (line: string) => void;
}

/**
 * Measures systems of the catalogue on Docker, one after the other, each with Compose and with Twofold in turns; files and states go to
 * `folder`.
 */
export async function measureSystems(
  folder: string,
  { systems, rounds, source, say }: SystemsOptions,
): Promise<readonly Row<SystemPhase>[]> {
  const program = buildCompose();
  const rows: Row<SystemPhase>[] = [];
  for (const system of systems) {
    const subject = { system, imageSource: source, folder };
    const config = stackSchema.parse(settingsOf(subject, "twofold-bench"));
    const plans = planSystems(config).map(({ plan }) => plan);
    await provideImages(config, plans, { source, make: true, progress: say });
    const tools = [composeOfSystem(program, subject), await twofoldOfSystem(subject)];
    try {
      const measured = await measureRounds(systemPhases, { tools, rounds, oneRound: roundOfSystem() }, (line) =>
        say(`${system}, ${line}`),
      );
      const own = summarise(systemPhases, measured).map((row) => ({ ...row, tool: `${system}: ${row.tool}` }));
      for (const { tool, seconds } of own)
        say(`${tool}: ${systemPhases.map((phase) => `${phase} ${seconds[phase].toFixed(2)} s`).join(", ")}`);
      rows.push(...own);
    } finally {
      for (const { prefix } of tools) await removeAll(prefix);
    }
  }
  return rows;
}

/** All comes up and is well, the same containers whatever tool it is; nothing changes, and nothing is left. */
function roundOfSystem(): Round<SystemPhase> {
  let expected: string | undefined;
  return async (tool) => {
    const cold = await tool.up("");
    const first = await runningContainers(tool.prefix);
    const names = [...first.keys()].sort().join(", ");
    expected ??= names;
    if (names !== expected) throw new Error(`${tool.name} runs ${names}, and should run ${expected}`);
    const nothing = await tool.up("");
    const second = await runningContainers(tool.prefix);
    expectReplaced(tool, gone(new Set(first.values()), new Set(second.values())), 0);
    const down = await tool.down();
    await engine.expectNothing(tool.prefix);
    return { "cold up to healthy": cold, "nothing to do": nothing, down };
  };
}
