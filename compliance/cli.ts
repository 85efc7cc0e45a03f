import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { giveUp } from "../drift/failure";
import { run } from "../images/command";
import { violationsIn } from "../policy/evaluate";
import { at } from "../policy/facts/plain";
import type { Stack } from "../policy/facts/stack";
import { rules } from "../policy/rules/index";
import type { Settings } from "../policy/rules/rule";
import { readSettings } from "../policy/settings";
import { plannedIn, runningOf } from "./look";
import { pageOf } from "./page";
import { type Looked, type Report, reportOf, sources } from "./report";

const root = join(__dirname, "..");
const usage = `usage: make compliance [STACK=prod], or node --import tsx compliance/cli.ts [options] [-- OPTIONS OF PULUMI]

Judges a stack by the rules of docs/policies.md: as the next up would make it, and as it really is, so that changes by hand show,
too. Writes compliance-STACK.json and compliance-STACK.md. Exemptions are those of the stack's configuration.

options:
  --stack NAME   the stack; dev by default
  --out FOLDER   where to write; .twofold/reports by default
  -h, --help     this text

ends with 0 when nothing critical or high was found, with 1 when something was, and with 2 when it could not be seen`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "dev" },
      out: { type: "string", default: join(root, ".twofold/reports") },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const { stack, out } = values;
  const settings = settingsOf(stack);
  const exported = await run("pulumi", ["stack", "export", "--show-secrets", "--stack", stack]);
  const preview = await run("pulumi", ["preview", "--json", "--show-sames", "--stack", stack, ...positionals]);
  const report = reportOf(stack, new Date(), rules.length, {
    planned: judged(plannedIn(preview, exported), settings),
    running: judged(await runningOf(exported, process.env), settings),
  });
  const file = (extension: string): string => join(out, `compliance-${stack}.${extension}`);
  mkdirSync(out, { recursive: true });
  writeFileSync(file("json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(file("md"), pageOf(report));
  console.log(summaryOf(report));
  console.log(`the whole report: ${file("md")} and ${file("json")}`);
  process.exitCode = report.compliant ? 0 : 1;
}

/** The settings that the policy pack reads from the stack's configuration. */
function settingsOf(stack: string): Settings {
  const file: unknown = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8"));
  const of = (key: string): unknown => at(file, "config", `policy:${key}`);
  const given = { exemptions: of("exemptions"), registries: of("registries") };
  return readSettings(
    given,
    rules.map(({ id }) => id),
    new Date(),
  );
}

function judged(stack: Stack, settings: Settings): Looked {
  return { resources: stack.resources.length, violations: violationsIn(stack, rules, settings) };
}

function summaryOf({ stack, compliant, results }: Report): string {
  const counts = sources.map((source) => {
    const { bySeverity, resources } = results[source];
    const found = Object.entries(bySeverity).map(([severity, count]) => `${count} ${severity}`);
    return `  ${source}: ${found.join(", ")} (${resources} resources)`;
  });
  return [`${stack}: ${compliant ? "compliant" : "not compliant"}`, ...counts].join("\n");
}

main().catch(giveUp);
