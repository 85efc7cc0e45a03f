import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DescriptionError } from "../components/core/errors";
import { readStackFile } from "../config/stack-file";
import { passGate } from "../gate/gate";
import { outputsSchema, stackLook } from "../gate/stack";
import { CommandError, run } from "../images/command";
import { ImageError } from "../images/errors";

const usage = `usage: make gate [STACK=prod], or node --import tsx scripts/gate.ts [options]

Looks at a deployed stack until all of it was well for some time: every service that its systems have, and every address that
its outputs name. Ends with 1 where that does not come in time.

options:
  --stack NAME       the stack whose Pulumi.NAME.yaml holds the configuration; dev by default
  --steady SECONDS   how long all must be well without a break; GATE_SECONDS or 60 by default
  --within SECONDS   when that must have come to its end; GATE_TIMEOUT or 300 by default
  -h, --help         this text`;

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) return console.log(usage);
  const [steadySeconds, withinSeconds] = [secondsOf("steady", values.steady), secondsOf("within", values.within)];
  const outputs = outputsSchema.safeParse(
    JSON.parse(await run("pulumi", ["stack", "output", "--json", "--stack", values.stack])),
  );
  if (!outputs.success)
    throw wrong(`outputs of the stack ${values.stack}`, "are not those of a deployed one", "run make up first");
  const look = stackLook(readStackFile(join(__dirname, ".."), values.stack), outputs.data);
  const begin = performance.now();
  const troubles = await passGate(look, {
    ...{ steadySeconds, withinSeconds, now: () => performance.now() / 1000 },
    sleep: (seconds) => delay(seconds * 1000),
    tell: (line) => console.error(`${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${line}`),
  });
  if (troubles.length === 0) return console.log(`${values.stack} was well for ${steadySeconds} s`);
  console.log([`${values.stack} is not well:`, ...troubles.map((trouble) => `  ${trouble}`)].join("\n"));
  process.exitCode = 1;
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        stack: { type: "string", default: "dev" },
        steady: { type: "string", default: process.env["GATE_SECONDS"] ?? "60" },
        within: { type: "string", default: process.env["GATE_TIMEOUT"] ?? "300" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw wrong("arguments", error instanceof Error ? error.message : String(error), usage);
  }
}

function secondsOf(option: string, given: string): number {
  const seconds = Number(given);
  if (given.trim() === "" || !(seconds >= 0) || !Number.isFinite(seconds))
    throw wrong(`--${option}`, `is ${JSON.stringify(given)}`, "use a number of seconds");
  return seconds;
}

function wrong(path: string, given: string, remedy: string): DescriptionError {
  return new DescriptionError("gate", [{ path, given, remedy }]);
}

main().catch((error: unknown) => {
  const known = [DescriptionError, ImageError, CommandError].some((kind) => error instanceof kind);
  console.error(known ? (error as Error).message : error);
  process.exitCode = 1;
});
