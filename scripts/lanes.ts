import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, setPriority, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

// node --import tsx scripts/lanes.ts FILE...
// Runs test files with Mocha: those that need the cluster in a process of their own beside those that need the engine, because both
// wait a lot, and those that need neither in the time that both leave. No two lanes share an engine: where one made networks, another
// has seen ways open for a moment that its system does not have. Ends with the slowest tests, all failures, and the line
// "N passed, N failed, N skipped".

const root = join(__dirname, "..");
const timesFile = join(root, ".twofold/test-times.json");

export type Lane = "docker" | "kubernetes" | "neither";

/** Files of the behaviour suite that look at a cluster, by their names. */
const onCluster = /^test\/conformance\/.*(kube|cluster|manifests|production)/;
/** What needs an engine, if it is not one of those. */
const onEngine = /^(test\/conformance|workloads)\//;

/** The files of each lane in the order in which they were given; a lane without files is not there. */
export function lanesOf(files: readonly string[]): ReadonlyMap<Lane, readonly string[]> {
  return Map.groupBy(files, (file): Lane => {
    if (onCluster.test(file)) return "kubernetes";
    return onEngine.test(file) ? "docker" : "neither";
  });
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
  /** In full. */
  readonly failed: string;
  /** Each on a line. */
  readonly brief: readonly string[];
  readonly times: readonly Time[];
}

/** A lane that ended without saying how counts as one failure. */
export function reportOf(lane: Lane, written: string | undefined, code: number): Report {
  if (written !== undefined) return JSON.parse(written) as Report;
  const failed = `  the tests for ${lane} ended with ${code} before they could say how they went`;
  return { passes: 0, failures: 1, pending: 0, failed, brief: [failed.trim()], times: [] };
}

/** What is printed after everything: what took longest, failures in full and then in short, and one line to count by. */
export function summaryOf(reports: ReadonlyMap<Lane, Report>, slowest: number): string {
  const all = [...reports.values()];
  const sum = (key: "passes" | "failures" | "pending"): number => all.reduce((total, report) => total + report[key], 0);
  const failed = [...reports]
    .filter(([, { failures }]) => failures > 0)
    .map(([lane, report]) => `failed, ${lane}:\n${report.failed}\n`);
  const times = slowestOf(all, slowest).map(({ title, milliseconds }) => `  ${inSeconds(milliseconds)}  ${title}`);
  return [
    ...(times.length === 0 ? [] : ["the slowest:", ...times, ""]),
    ...failed,
    // who sees no more than the end of a long output still sees all of them
    ...all.flatMap(({ brief }) => brief).map((line) => `failed: ${line}`),
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
  const lanes = lanesOf(files);
  const folder = mkdtempSync(join(tmpdir(), "twofold-lanes-"));
  // who interrupts the run means both, and each takes down what it has made before it ends
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  try {
    const whole = lanes.size > 1;
    const ended = [...lanes].map(async ([lane, own]): Promise<[Lane, Report]> => {
      const path = join(folder, lane);
      const code = await run(own, path, whole ? `${lane.padEnd(10)} | ` : "", whole && lane === "neither");
      return [lane, reportOf(lane, read(path), code)];
    });
    const reports = new Map(await Promise.all(ended));
    if (whole) keepTimes([...reports.values()]);
    console.log(`\n${summaryOf(reports, whole ? 10 : 0)}`);
    if ([...reports.values()].some(({ failures }) => failures > 0)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs Mocha, and prints its lines as they come; behind others where it has time. */
function run(files: readonly string[], report: string, prefix: string, patient: boolean): Promise<number> {
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const child = spawn(process.execPath, [mocha, ...files], {
    cwd: root,
    env: { ...process.env, TEST_REPORT: report },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // live tests wait for what happens within a time
  if (patient && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
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
