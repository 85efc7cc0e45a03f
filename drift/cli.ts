import { parseArgs } from "node:util";
import { run } from "../images/command";
import { findDrift } from "./drift";
import { engineOf, removeReplacement } from "./engine";
import { giveUp } from "./failure";
import { type Finding, linesOf } from "./finding";
import { type Pending, pendingIn, shortName } from "./pending";
import { repairOf } from "./repair";
import { type Resource, resourcesIn } from "./state";

const usage = `usage: make drift [STACK=prod], or node --import tsx drift/cli.ts [options] [-- OPTIONS OF PULUMI]

Compares what is really there with what the last up has made, and that with the description: what was changed by hand, by whom
where the target knows, and what the next up would do. Changes nothing, unless it is to prepare a repair.

options:
  --stack NAME   the stack; dev by default
  --json         as JSON, for programs
  --repair       instead of the report prints what makes the next up put everything right, a line each: "refresh URN" and
                 "replace URN". Containers that were put in the place of the stack's own are removed
  -h, --help     this text

ends with 0 when everything is as it was made, with 1 when something is not, and with 2 when it could not be seen`;

interface Report {
  readonly stack: string;
  /** When it was looked, in ISO 8601. */
  readonly time: string;
  readonly findings: readonly Finding[];
  readonly pending: readonly Pending[];
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "dev" },
      json: { type: "boolean", default: false },
      repair: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const { stack } = values;
  const exported = await run("pulumi", ["stack", "export", "--show-secrets", "--stack", stack]);
  const resources = resourcesIn(exported);
  const findings = await findDrift(resources, process.env);
  if (values.repair) return prepareRepair(findings, resources);
  const preview = await run("pulumi", ["preview", "--json", "--stack", stack, ...positionals]);
  const report = { stack, time: new Date().toISOString(), findings, pending: pendingIn(preview) };
  console.log(values.json ? JSON.stringify(report, null, 2) : textOf(report));
  process.exitCode = findings.length === 0 ? 0 : 1;
}

async function prepareRepair(findings: readonly Finding[], resources: readonly Resource[]): Promise<void> {
  if (findings.length > 0) console.error("put right, because it is not as it was made:");
  for (const line of findings.flatMap(linesOf)) console.error(`  ${line}`);
  for (const { urn, is } of findings) {
    const resource = is === "replaced" ? resources.find((each) => each.urn === urn) : undefined;
    if (resource !== undefined) await removeReplacement(engineOf(resources), resource);
  }
  const { refresh, replace } = repairOf(findings);
  for (const urn of refresh) console.log(`refresh ${urn}`);
  for (const urn of replace) console.log(`replace ${urn}`);
}

function textOf({ stack, findings, pending }: Report): string {
  return [
    findings.length === 0
      ? `${stack}: everything is as it was made`
      : `${stack}: not as it was made; make up STACK=${stack} puts it right`,
    ...findings.flatMap(linesOf).map((line) => `  ${line}`),
    pending.length === 0
      ? `${stack}: the description says nothing else`
      : `${stack}: by its description the next up would`,
    ...pending.map(({ op, urn }) => `  ${op} ${shortName(urn)}`),
  ].join("\n");
}

main().catch(giveUp);
