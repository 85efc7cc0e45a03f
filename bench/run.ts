import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ensureImages } from "../images/build";
import { createResolver } from "../images/resolve";
import { chooseSource } from "../images/source";
import { compileTable } from "./compile";
import { engineMachine, removeAll } from "./engine";
import { summarise, table } from "./report";
import { measureRounds } from "./rounds";
import { benchImages } from "./services";
import { buildCompose, composeTool, root, type Tool, twofoldTool } from "./tools";

const usage = `usage: node --import tsx bench/run.ts [options]

Measures how long systems of 10, 100 and 1,000 services take to compile for both targets, and Docker Compose v2 against
\`pulumi up\` with the same eight services on the Docker Engine.

  --compile         only the first, which needs no engine
  --rounds N        measurements of each, of which the median is shown (default 5)
  --isolation LIST  connection, system or both, with a comma between (default both)
  --preview         also with the preview that pulumi up shows by default
  --parallel LIST   also with these numbers of operations at once
  --json            all measurements as JSON instead of the table
  --help            this text`;

const whole = z
  .string()
  .regex(/^[1-9]\d*$/, "use a whole number from 1")
  .transform(Number);
const list = z.string().transform((text) => text.split(","));
const optionsSchema = z.object({
  rounds: whole,
  isolation: list.pipe(z.array(z.enum(["connection", "system"]))),
  preview: z.boolean(),
  parallel: list.pipe(z.array(whole)).optional(),
  compile: z.boolean(),
  json: z.boolean(),
});
type Options = z.output<typeof optionsSchema>;

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      isolation: { type: "string", default: "connection,system" },
      preview: { type: "boolean", default: false },
      parallel: { type: "string" },
      compile: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values.help ? undefined : optionsSchema.parse(values);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return console.log(usage);
  const say = (line: string): void => console.error(line);
  if (!options.json) console.log(`${compileTable(options.rounds)}\n`);
  if (options.compile) return;
  const references = await prepareImages(say);
  const compose = buildCompose();
  const folder = join(root, ".twofold", "bench");
  mkdirSync(folder, { recursive: true });
  const state = mkdtempSync(join(folder, "run-"));
  const tools: Tool[] = [composeTool(compose, state, references)];
  try {
    for (const variant of variants(options)) tools.push(await twofoldTool(variant, state, references));
    const measured = await measureRounds(tools, options.rounds, say);
    const machine = { ...(await engineMachine()), node: process.versions.node };
    const rows = summarise(measured);
    console.log(
      options.json ? JSON.stringify({ machine, rows, measured }, null, 2) : table(rows, machine, options.rounds),
    );
  } finally {
    for (const { prefix } of tools) await removeAll(prefix);
    rmSync(state, { recursive: true, force: true });
  }
}

function variants({ isolation, preview, parallel }: Options): Parameters<typeof twofoldTool>[0][] {
  return isolation.flatMap((each) => [
    { isolation: each, preview: false },
    ...(preview ? [{ isolation: each, preview: true }] : []),
    ...(parallel ?? []).map((number) => ({ isolation: each, preview: false, parallel: number })),
  ]);
}

/** Has the images on the engine, and gives what stands for each upstream reference there. */
async function prepareImages(say: (line: string) => void): Promise<Readonly<Record<string, string>>> {
  const { source, because } = await chooseSource(undefined);
  say(`images: ${source}, because ${because}`);
  await ensureImages(benchImages, { source, progress: say });
  const resolve = createResolver(source);
  return Object.fromEntries(
    benchImages.map((image) => {
      const resolved = resolve(image);
      if (resolved.kind === "unavailable") throw new Error(`${image} cannot be had: ${resolved.because}`);
      return [image, resolved.reference];
    }),
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof z.ZodError ? `${z.prettifyError(error)}\n\n${usage}` : error);
  process.exitCode = 1;
});
