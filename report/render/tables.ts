import { sumOf } from "../amounts";
import { type Amounts, type Counts, kinds, type Restart, type ResourceDelta, type StackReport } from "../schema";
import type { Block } from "./budget";
import { cell, plural, row, tableHead } from "./markdown";
import { type Located, located, secondsText, whereOf } from "./words";

type Stacks = readonly StackReport[];

const shownRows = 20;
const columns = ["create", "update", "replace", "delete", "same"] as const;

interface ServiceRow {
  readonly stack: string;
  readonly system?: string | undefined;
  readonly service?: string | undefined;
  readonly counts: Counts;
  readonly mandatory: number;
  readonly advisory: number;
  /** Findings that were not there before. */
  readonly fresh: number;
  readonly parity: number;
}

/** System × service: how many resources of each change, and what policies and parity say of it. */
export function servicesBlock(stacks: Stacks): Block {
  const rows = stacks.flatMap(serviceRows);
  const changed = rows.filter((each) => weightOf(each) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  const quiet = rows.length - changed.length;
  return {
    title: "services",
    rank: 8,
    head: `\n${tableHead(["stack", "system", "service", ...columns, "policy", "parity"])}`,
    lines: changed.map(serviceLine),
    most: shownRows,
    tail: quiet === 0 ? "" : `\nNothing changes in ${plural(quiet, "other")}.\n`,
    more: (count) => row([`${count} more`, ...Array.from({ length: columns.length + 4 }, () => "")]),
  };
}

function serviceRows({ stack, places, violations, parity }: StackReport): readonly ServiceRow[] {
  return places.map(({ counts, ...place }) => {
    const here = (other: { system?: string | undefined; service?: string | undefined }): boolean =>
      other.system === place.system && other.service === place.service;
    const found = violations.filter(here);
    return {
      ...{ ...place, stack, counts },
      mandatory: found.filter(({ level }) => level === "mandatory").length,
      advisory: found.filter(({ level }) => level === "advisory").length,
      fresh: found.filter(({ present }) => !present).length,
      parity: parity.added.filter(here).length - parity.gone.filter(here).length,
    };
  });
}

/** Deletes weigh more than any number of updates; advice that was there before is no reason to be shown. */
function weightOf({ counts, mandatory, fresh, parity }: ServiceRow): number {
  const changes = kinds.filter((kind) => kind !== "same").map((kind, index) => counts[kind] * 1000 ** (4 - index));
  return changes.reduce((a, b) => a + b, 0) + mandatory * 1e15 + fresh + Math.abs(parity);
}

function serviceLine({ stack, system, service, counts, mandatory, advisory, parity }: ServiceRow): string {
  const numbers = columns.map((kind) => (kind === "create" ? counts.create + counts.import : counts[kind]));
  const policy = [
    ...(mandatory > 0 ? [`${mandatory} mandatory`] : []),
    ...(advisory > 0 ? [`${advisory} advisory`] : []),
  ];
  return row([
    cell(stack),
    system === undefined ? "" : cell(system),
    service === undefined ? "" : cell(service),
    ...numbers.map((number) => (number === 0 ? "" : String(number))),
    policy.join(", "),
    parity === 0 ? "" : parity > 0 ? `+${parity}` : String(parity),
  ]);
}

const manners: Readonly<Record<Restart["how"], string>> = {
  stopFirst: "stops before its successor starts",
  goesFirst: "goes before its successor comes",
  startFirst: "new copies are ready before old ones end",
  someAtATime: "a few copies at a time",
  nodeByNode: "one node after the other",
  runsAgain: "runs again",
  nextRun: "from its next run on",
};

/** Which services restart, in which order and for how long nobody answers. */
export function restartsBlock(stacks: Stacks): Block {
  const line = ({ step, pauseSeconds, how, copies, ...place }: Located<Restart>): string => {
    const manner = copies === undefined ? manners[how] : `${copies[0]} of ${copies[1]} copies at a time`;
    const pause = how === "runsAgain" || how === "nextRun" ? "" : secondsText(pauseSeconds);
    return row([String(step), cell(whereOf(place), 100), pause, manner]);
  };
  return {
    title: "restarts",
    rank: 9,
    head: `\n### Restarts\n\nServices with the same number restart together.\n\n${tableHead(["order", "service", "traffic pauses", "how"])}`,
    lines: located(stacks, ({ restarts }) => restarts).map(line),
    more: (count) => row([`${count} more`, "", "", ""]),
  };
}

/** What services ask for, where that changes; the sum of these comes first. */
export function resourcesBlock(stacks: Stacks): Block {
  const deltas = located(stacks, ({ resources }) => resources);
  const line = (name: string, { old, new: fresh }: Pick<ResourceDelta, "old" | "new">): string => {
    const [a, b] = [old ?? sumOf([]), fresh ?? sumOf([])];
    const changed = (text: (amounts: Amounts) => string): string =>
      text(a) === text(b) ? text(b) : `${text(a)} → ${text(b)}`;
    return row([
      name,
      changed(({ replicas }) => range(replicas)),
      changed(({ cpuMillis: [least, most] }) => range([least / 1000, most / 1000])),
      changed(({ memoryMiB }) => range(memoryMiB)),
      changed(({ storageMiB }) => String(storageMiB)),
    ]);
  };
  const sum = { old: sumOf(deltas.map(({ old }) => old)), new: sumOf(deltas.map((delta) => delta.new)) };
  const own = deltas.map((delta) => line(cell(whereOf(delta), 100), delta));
  return {
    title: "cpu, memory and storage",
    rank: 10,
    head: `\n### Cpu, memory and storage\n\n${tableHead(["service", "replicas", "cores", "memory, MiB", "storage, MiB"])}`,
    lines: deltas.length > 1 ? [line("all of these", sum), ...own] : own,
    more: (count) => row([`${count} more`, "", "", "", ""]),
  };
}

function range([least, most]: readonly [number, number]): string {
  const text = (number: number): string => String(Number(number.toFixed(3)));
  return least === most ? text(most) : `${text(least)}–${text(most)}`;
}
