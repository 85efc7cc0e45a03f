import type { Sample } from "./process";
import { type Measured, perPhase } from "./rounds";

/** Where it was measured. */
export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  /** What runs the services, and its version. */
  readonly runtime: string;
  readonly node: string;
}

/** A tool's medians; ratios are to the first tool of the run. */
export interface Row<P extends string> {
  readonly tool: string;
  readonly seconds: Readonly<Record<P, number>>;
  readonly ratio: Readonly<Record<P, number>>;
  /** Highest of all phases and rounds. */
  readonly peakMiB: number | undefined;
}

export function summarise<P extends string>(phases: readonly P[], measured: readonly Measured<P>[]): readonly Row<P>[] {
  const seconds = (samples: readonly Sample[]): number => median(samples.map((sample) => sample.seconds));
  return measured.map(({ tool, samples }) => {
    const base = measured[0]?.samples ?? samples;
    const peaks = phases.flatMap((phase) => samples[phase].flatMap(({ peakMiB }) => peakMiB ?? []));
    return {
      tool,
      seconds: perPhase(phases, (phase) => seconds(samples[phase])),
      ratio: perPhase(phases, (phase) => seconds(samples[phase]) / seconds(base[phase])),
      peakMiB: peaks.length === 0 ? undefined : Math.max(...peaks),
    };
  });
}

/** The rows as a table in Markdown. */
export function table<P extends string>(
  phases: readonly P[],
  rows: readonly Row<P>[],
  { machine: { cores, memoryGiB, runtime, node }, rounds }: { readonly machine: Machine; readonly rounds: number },
): string {
  const head = ["", ...phases, "peak memory"];
  const body = rows.map(({ tool, seconds, ratio, peakMiB }) => [
    tool,
    ...phases.map((phase) => `${seconds[phase].toFixed(2)} s (${ratio[phase].toFixed(2)} ×)`),
    peakMiB === undefined ? "unknown" : `${peakMiB} MiB`,
  ]);
  const machine = `${cores} cores, ${memoryGiB} GiB, ${runtime}, Node.js ${node}`;
  return [markdown([head, ...body]), "", `Medians of ${rounds} on ${machine}.`].join("\n");
}

/** Rows as a table in Markdown, of which the first is the head. */
export function markdown([head = [], ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(head), rule, ...body.map(line)].join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  if (low === undefined || high === undefined) throw new Error("there is no median of nothing");
  return (low + high) / 2;
}
