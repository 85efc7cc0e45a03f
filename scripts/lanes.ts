import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

// node --import tsx scripts/lanes.ts FILE...
// Runs test files with Mocha, in several processes at one time, because the longest of them mostly wait: in each of them what
// needs the same node, or looks at the same things. Ends with all failures, the slowest tests, and the line "N passed, N failed,
// N skipped".

const root = join(__dirname, "..");
const timesFile = join(root, ".twofold/test-times.json");

/** With more than these, two cores have so much to do that tests which wait for something give up. */
const atOnce = 3;

/** The lanes and their files; of those that would have a file the first gets it. No two of them run on one node. */
const patterns = {
  "systems-on-kubernetes": /^test\/conformance\/(systems\/kubernetes|monitoring-on-kubernetes|.*-in-production)/,
  "systems-on-docker": /^(test\/conformance\/systems|workloads)/,
  kubernetes: /^test\/conformance\/.*(kube|cluster|manifests)/,
  alerts: /^test\/conformance\/alerting/,
  docker: /^test\/conformance/,
  rest: /./,
} as const;

export type Lane = keyof typeof patterns;

const lanes = Object.keys(patterns) as readonly Lane[];

/** What fails fastest comes first, then what takes longest. */
const order: readonly Lane[] = ["rest", "systems-on-kubernetes", "kubernetes", "docker", "systems-on-docker", "alerts"];

/**
 * The files of each lane in the order in which they were given, and the lanes in the order in which they start; a lane without
 * files is not there.
 */
export function lanesOf(files: readonly string[]): ReadonlyMap<Lane, readonly string[]> {
  const found = Map.groupBy(files, (file) => lanes.find((lane) => patterns[lane].test(file)) ?? "rest");
  return new Map([...found].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

/** What a lane has in its environment beside the others: its cluster, where it has one of its own. */
function environmentOf(lane: Lane): Readonly<Record<string, string>> {
  const { SYSTEMS_CLUSTER: own } = process.env;
  return lane === "systems-on-kubernetes" && own !== undefined ? { TWOFOLD_CLUSTER: own } : {};
}

/** How long a test took, or what was done before or after some. */
interface Time {
  readonly title: string;
  readonly file: string;
  readonly milliseconds: number;
}

/** What test/support/reporter.cjs writes of one lane. */
export interface Report {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
  readonly failed: string;
  readonly times: readonly Time[];
}

/** A lane that ended without saying how counts as one failure. */
export function reportOf(lane: Lane, written: string | undefined, code: number): Report {
  if (written !== undefined) return JSON.parse(written) as Report;
  const failed = `  the tests for ${lane} ended with ${code} before they could say how they went`;
  return { passes: 0, failures: 1, pending: 0, failed, times: [] };
}

/** What is printed after everything: failures in full, what took longest, and one line to count by. */
export function summaryOf(reports: ReadonlyMap<Lane, Report>, slowest: number): string {
  const all = [...reports.values()];
  const sum = (key: "passes" | "failures" | "pending"): number => all.reduce((total, report) => total + report[key], 0);
  const failed = [...reports]
    .filter(([, { failures }]) => failures > 0)
    .map(([lane, report]) => `failed, ${lane}:\n${report.failed}\n`);
  const times = slowestOf(all, slowest).map(({ title, milliseconds }) => `  ${inSeconds(milliseconds)}  ${title}`);
  return [
    ...failed,
    ...(times.length === 0 ? [] : ["the slowest:", ...times, ""]),
    `${sum("passes")} passed, ${sum("failures")} failed, ${sum("pending")} skipped`,
  ].join("\n");
}

function slowestOf(reports: readonly Report[], count: number): readonly Time[] {
  return reports
    .flatMap(({ times }) => times)
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, count);
}

const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`.padStart(8);

async function main(files: readonly string[]): Promise<void> {
  const given = lanesOf(files);
  const folder = mkdtempSync(join(tmpdir(), "twofold-lanes-"));
  // who interrupts the run means both, and each takes down what it has made before it ends
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  try {
    const reports = new Map<Lane, Report>();
    const waiting = given.entries();
    const inTurns = async (): Promise<void> => {
      for (const [lane, own] of waiting) {
        const path = join(folder, lane);
        const env = { ...environmentOf(lane), TEST_REPORT: path };
        const code = await run(own, env, given.size > 1 ? `${lane.padEnd(21)} | ` : "");
        reports.set(lane, reportOf(lane, read(path), code));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, inTurns));
    const whole = given.size > 1;
    if (whole) keepTimes([...reports.values()]);
    console.log(`\n${summaryOf(reports, whole ? 10 : 0)}`);
    if ([...reports.values()].some(({ failures }) => failures > 0)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs Mocha, and prints its lines as they come. */
function run(files: readonly string[], env: Readonly<Record<string, string>>, prefix: string): Promise<number> {
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const child = spawn(process.execPath, [mocha, ...files], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const follow = (from: Readable, print: (line: string) => void) =>
    createInterface({ input: from }).on("line", (line) => print(`${prefix}${line}`));
  follow(child.stdout, console.log);
  follow(child.stderr, console.error);
  // the only signal that Mocha passes on to the process that has the tests
  const interrupt = (): void => void child.kill("SIGINT");
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  return new Promise((resolve, reject) => child.once("error", reject).once("close", (code) => resolve(code ?? -1)));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // it ended before it had written anything
  }
}

/** The times of a whole run, the longest first. */
function keepTimes(reports: readonly Report[]): void {
  const times = slowestOf(reports, Number.POSITIVE_INFINITY);
  mkdirSync(join(timesFile, ".."), { recursive: true });
  const named = times.map((time) => ({ ...time, file: relative(root, time.file) }));
  writeFileSync(timesFile, `${JSON.stringify(named, null, 2)}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
