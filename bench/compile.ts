import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { SystemPlan } from "../components";
import { renderOptions as dockerOptions } from "../components/targets/docker/docker";
import { renderDocker } from "../components/targets/docker/render";
import { renderOptions as kubernetesOptions } from "../components/targets/kubernetes/options";
import { renderKubernetes } from "../components/targets/kubernetes/render";
import { largeSystem } from "./large-system";
import { markdown, median } from "./report";

const renderers = {
  docker: (plan: SystemPlan): unknown => renderDocker(plan, dockerOptions(plan.name, {})),
  kubernetes: (plan: SystemPlan): unknown => renderKubernetes(plan, kubernetesOptions(plan.name, {})),
} as const;

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
  compile(target, services);
  return Array.from({ length: rounds }, () => measureOnce(target, services));
}

function compile(target: CompileTarget, services: number): readonly unknown[] {
  const definition = largeSystem(services);
  const plan = definition.plan();
  return [definition, plan, renderers[target](plan)];
}

function measureOnce(target: CompileTarget, services: number): Compiled {
  collectGarbage();
  const heap = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  const made = compile(target, services);
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
  const rows = (Object.keys(renderers) as CompileTarget[]).map((target) => [
    target,
    ...sizes.map((services) => {
      const measured = measureCompile(target, services, rounds);
      const milliseconds = median(measured.map((each) => each.milliseconds));
      const heapMiB = median(measured.map((each) => each.heapMiB));
      return `${milliseconds.toFixed(0)} ms, ${heapMiB.toFixed(1)} MiB`;
    }),
  ]);
  return markdown([["define, plan, render", ...sizes.map((services) => `${services} services`)], ...rows]);
}
