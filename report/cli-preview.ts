import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { readArguments, wrong } from "./arguments";
import { collect } from "./collect";
import type { Collected } from "./events";
import { collectFresh } from "./fresh";
import { failing } from "./gates";
import { writeWhole } from "./post/file";
import { projectName, reportIn, settingsOf } from "./project";
import { renderComment } from "./render/comment";
import { reportOf } from "./report";
import { type Report, reportSchema } from "./schema";

const usage = `usage: preview-report preview --stack NAME... [options]

Previews each stack and writes report.json, comment.md and summary.md, whatever comes of it.

options:
  --stack NAME[=FILE]   a stack, and the file with its configuration; may be repeated
  --dir DIR             folder of the project; this one by default
  --out DIR             where the report goes; preview-report by default
  --settings FILE       gates and approvals; preview-report.yaml of the project by default, where there is one
  --gate NAME=ACTION    fail or show: what a gate does about what it finds; may be repeated
  --policy-pack DIR     policies to check; may be repeated
  --base FILE           report.json of what this is to be merged into: what policies find in it is not new
  --fresh               against an empty state, with placeholders for secrets: needs no credentials
  --commit SHA          what is previewed; GITHUB_SHA or git's HEAD by default
  --run-url URL         where the run can be looked at; that of GitHub Actions by default
  --timeout MINUTES     for each stack; 20 by default
  -h, --help            this text`;

const options = {
  stack: { type: "string", multiple: true, default: [] as string[] },
  dir: { type: "string", default: "." },
  out: { type: "string", default: "preview-report" },
  settings: { type: "string" },
  gate: { type: "string", multiple: true, default: [] as string[] },
  "policy-pack": { type: "string", multiple: true, default: [] as string[] },
  base: { type: "string" },
  fresh: { type: "boolean", default: false },
  commit: { type: "string" },
  "run-url": { type: "string" },
  timeout: { type: "string", default: "20" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Characters that a job's summary on GitHub may have: a MiB of UTF-8, of which one may take three bytes. */
const summaryLimit = 340_000;

/** Runs the command and gives its exit code. */
export async function runPreview(args: readonly string[]): Promise<number> {
  const given = readArguments(args, options);
  if (given.help) {
    console.log(usage);
    return 0;
  }
  const { dir, out } = given;
  if (given.stack.length === 0) throw wrong("--stack", "is missing", "name at least one stack");
  const project = projectName(dir);
  const settings = settingsOf(dir, given.settings, given.gate);
  const run = {
    ...{ project, settings, base: given.base === undefined ? undefined : reportIn(given.base) },
    commit: commitOf(given.commit, dir),
    runUrl: given["run-url"] === undefined ? runUrl(process.env) : fitting("run-url", "runUrl", given["run-url"]),
  };
  const timeoutSeconds = secondsOf(given.timeout);
  // Pulumi runs in the project's folder, where a relative path would be another one
  const policyPacks = given["policy-pack"].map((folder) => resolve(folder));
  const previews: Collected[] = [];
  for (const stack of given.stack) {
    const [name = "", file] = stack.split("=");
    const configFile = file === undefined ? undefined : resolve(file);
    const preview = { folder: resolve(dir), stack: name, configFile, policyPacks, env: {}, timeoutSeconds };
    console.error(`previewing ${name}`);
    previews.push(await (given.fresh ? collectFresh(project, preview) : collect(preview)));
  }
  const report = reportOf(previews, { ...run, createdAt: new Date().toISOString() });
  write(report, out);
  console.error(`${sentence(report)}; report.json, comment.md and summary.md are in ${out}`);
  return failing(report.gates).length > 0 ? 2 : 0;
}

function write(report: Report, folder: string): void {
  writeWhole(join(folder, "report.json"), `${JSON.stringify(report)}\n`);
  writeWhole(join(folder, "comment.md"), renderComment(report));
  writeWhole(join(folder, "summary.md"), renderComment(report, summaryLimit));
}

function sentence({ verdict, gates }: Report): string {
  const reasons = failing(gates).map(({ gate, found }) => `${gate} (${found})`);
  return reasons.length === 0 ? verdict : `${verdict}, stopped by ${reasons.join(", ")}`;
}

function secondsOf(minutes: string): number {
  const seconds = Number(minutes) * 60;
  if (!(seconds > 0)) throw wrong("--timeout", `is ${JSON.stringify(minutes)}`, "use minutes, more than 0");
  return seconds;
}

/** What an argument says, when a report can hold it. */
function fitting(option: string, field: "commit" | "runUrl", given: string): string {
  if (reportSchema.shape[field].safeParse(given).success) return given;
  const remedy =
    field === "commit" ? "use the hexadecimal digits of a commit" : "use an address that begins with https://";
  throw wrong(`--${option}`, `is ${JSON.stringify(given)}`, remedy);
}

/** A folder need not be a repository. */
function commitOf(given: string | undefined, folder: string): string | undefined {
  if (given !== undefined) return fitting("commit", "commit", given);
  const named = process.env["GITHUB_SHA"] ?? "";
  if (named !== "") return named;
  try {
    const asked = ["-C", folder, "rev-parse", "HEAD"];
    return execFileSync("git", asked, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

function runUrl(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const parts = [env["GITHUB_SERVER_URL"], env["GITHUB_REPOSITORY"], "actions/runs", env["GITHUB_RUN_ID"]];
  return parts.includes(undefined) ? undefined : reportSchema.shape.runUrl.safeParse(parts.join("/")).data;
}
