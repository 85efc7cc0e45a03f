import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { SystemDefinition, SystemPlan } from "../components";
import { renderOptions as dockerOptions } from "../components/targets/docker/docker";
import { renderDocker } from "../components/targets/docker/render";
import { renderOptions as kubernetesOptions } from "../components/targets/kubernetes/options";
import { renderKubernetes } from "../components/targets/kubernetes/render";
import { stackSchema } from "../config/stack";
import { createResolver } from "../images/resolve";
import { systems } from "../systems/index";
import { systemNames } from "../systems/places";
import { largeSystem } from "./large-system";
import { markdown, median } from "./report";

const resolveImage = createResolver("upstream");
const renderers = {
  docker: (plan: SystemPlan): unknown => renderDocker(plan, dockerOptions(plan.name, { resolveImage })),
  kubernetes: (plan: SystemPlan): unknown => renderKubernetes(plan, kubernetesOptions(plan.name, { resolveImage })),
} as const;
const targets = Object.keys(renderers) as CompileTarget[];

export type CompileTarget = keyof typeof renderers;

/** What compiling a system once took: describing, planning and rendering it. */
export interface Compiled {
  /** Of the processor, so that other work on the machine counts little. */
  readonly milliseconds: number;
  /** What description, plan and rendered objects occupy together. */
  readonly heapMiB: number;
}

/** Compiles a system of that many services several times, after once to warm up. */
export function measureCompile(target: CompileTarget, services: number, rounds: number): readonly Compiled[] {
  return measure(target, () => largeSystem(services), rounds);
}

function measure(target: CompileTarget, define: () => SystemDefinition, rounds: number): readonly Compiled[] {
  compile(target, define);
  return Array.from({ length: rounds }, () => measureOnce(target, define));
}

function compile(target: CompileTarget, define: () => SystemDefinition): readonly unknown[] {
  const definition = define();
  const plan = definition.plan();
  return [definition, plan, renderers[target](plan)];
}

function measureOnce(target: CompileTarget, define: () => SystemDefinition): Compiled {
  collectGarbage();
  const heap = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  const made = compile(target, define);
  const { user, system } = process.cpuUsage(cpu);
  collectGarbage();
  const heapMiB = (process.memoryUsage().heapUsed - heap) / 2 ** 20;
  // what is not used any more would have been collected, too
  if (made.length === 0) throw new Error("nothing was compiled");
  return { milliseconds: (user + system) / 1000, heapMiB };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Medians for both targets and systems of three sizes, as a table in Markdown. */
export function compileTable(rounds: number): string {
  const sizes = [10, 100, 1000];
  return table(sizes.map((services) => [`${services} services`, (target) => measureCompile(target, services, rounds)]));
}

/** Medians for both targets and each system of the catalogue, as a table in Markdown. */
export function catalogueTable(rounds: number): string {
  const config = stackSchema.parse({});
  return table(systemNames.map((name) => [name, (target) => measure(target, () => systems[name](config), rounds)]));
}

/** A row for each target, and a column for each thing that is compiled. */
function table(columns: readonly (readonly [string, (target: CompileTarget) => readonly Compiled[]])[]): string {
  const rows = targets.map((target) => [
    target,
    ...columns.map(([, measured]) => {
      const all = measured(target);
      const milliseconds = median(all.map((each) => each.milliseconds));
      const heapMiB = median(all.map((each) => each.heapMiB));
      return `${milliseconds.toFixed(0)} ms, ${heapMiB.toFixed(1)} MiB`;
    }),
  ]);
  return markdown([["define, plan, render", ...columns.map(([title]) => title)], ...rows]);
}
