import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { parseStack } from "../config/read";
import type { StackConfig } from "../config/stack";
import { ensureImages } from "../images/build";
import { publishImages } from "../images/publish";
import { createResolver, type Resolver } from "../images/resolve";
import type { ImageSource } from "../images/source";
import { ownCluster } from "../systems/cluster";
import { sourceOf } from "../systems/images";
import { systemNames } from "../systems/places";
import { cluster, clusterVersion, kubectlTool, removeNamespace, twofoldOnCluster } from "./cluster";
import { catalogueTable, compileTable } from "./compile";
import { engine, engineMachine, removeAll } from "./engine";
import { type Machine, summarise, table } from "./report";
import { measureRounds, type Place, phases, roundAt } from "./rounds";
import { benchImages } from "./services";
import { measureSystems, systemPhases } from "./systems";
import { buildCompose, composeTool, root, type Tool, twofoldTool } from "./tools";

const usage = `usage: node --import tsx bench/run.ts [options]

Measures how long large systems take to compile, and \`pulumi up\` with the same eight services against Docker Compose v2 on the
Docker Engine and against kubectl on the cluster of this clone. Then the systems of the catalogue on Docker, against Compose with
the file that make render writes.

  --on LIST         compile, docker, systems, kubernetes, with a comma between (default all; kubernetes when there is a cluster)
  --rounds N        measurements of each, of which the median is shown (default 5)
  --systems LIST    systems of the catalogue (default all), each of which takes two to four minutes a round
  --system-rounds N measurements of each of them (default 1)
  --isolation LIST  Docker: connection, system or both, with a comma between (default both)
  --preview         Docker: also with the preview that pulumi up shows by default
  --parallel LIST   Docker: also with these numbers of operations at once
  --json            all measurements as JSON instead of tables, but those of compile
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
  on: list.pipe(z.array(z.enum(["compile", "docker", "systems", "kubernetes"]))),
  systems: list.pipe(z.array(z.enum(systemNames))),
  "system-rounds": whole,
  json: z.boolean(),
});
const hasCluster = existsSync(ownCluster.kubeconfig);
type Options = z.output<typeof optionsSchema>;

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      isolation: { type: "string", default: "connection,system" },
      preview: { type: "boolean", default: false },
      parallel: { type: "string" },
      systems: { type: "string", default: systemNames.join() },
      "system-rounds": { type: "string", default: "1" },
      on: {
        type: "string",
        default: ["compile", "docker", "systems", ...(hasCluster ? ["kubernetes"] : [])].join(","),
      },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values.help ? undefined : optionsSchema.parse(values);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return console.log(usage);
  const { on, rounds } = options;
  if (on.includes("compile")) console.log(`${compileTable(rounds)}\n\n${catalogueTable(rounds)}\n`);
  if (on.includes("docker")) await withState((state) => onDocker(options, state));
  if (on.includes("systems")) await withState((state) => onSystems(options, state));
  if (on.includes("kubernetes")) {
    if (!hasCluster) throw new Error("this clone has no cluster; run make cluster");
    await withState((state) => onKubernetes(options, state));
  }
}

const say = (line: string): void => console.error(line);

async function withState(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(root, ".twofold", "bench");
  mkdirSync(folder, { recursive: true });
  const state = mkdtempSync(join(folder, "run-"));
  try {
    await use(state);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

async function onDocker(options: Options, state: string): Promise<void> {
  const source = await chosenSource("docker");
  await ensureImages(benchImages, { source, progress: say });
  const references = referencesBy(createResolver(source));
  const tools: Tool[] = [composeTool(buildCompose(), state, references)];
  try {
    for (const variant of variants(options)) tools.push(await twofoldTool(variant, state, references));
    await compare(engine, tools, options, await engineMachine());
  } finally {
    for (const { prefix } of tools) await removeAll(prefix);
  }
}

async function onSystems({ systems, "system-rounds": rounds, json }: Options, state: string): Promise<void> {
  const source = await chosenSource("docker");
  const rows = await measureSystems(state, { systems, rounds, source, say });
  const machine = { ...(await engineMachine()), node: process.versions.node };
  console.log(
    json ? JSON.stringify({ machine, rows }, null, 2) : `${table(systemPhases, rows, { machine, rounds })}\n`,
  );
}

async function onKubernetes(options: Options, state: string): Promise<void> {
  const source = await chosenSource("kubernetes");
  const { registry } = parseStack({}).kubernetes;
  const references = referencesBy(await publishImages(benchImages, { source, registry, progress: say }));
  const tools = [kubectlTool(state, references), await twofoldOnCluster(state, references)];
  try {
    await compare(cluster, tools, options, { ...(await engineMachine()), runtime: await clusterVersion() });
  } finally {
    for (const { prefix } of tools) await removeNamespace(prefix);
  }
}

async function compare(
  place: Place,
  tools: readonly Tool[],
  { rounds, json }: Options,
  machine: Omit<Machine, "node">,
): Promise<void> {
  const measured = await measureRounds(phases, { tools, rounds, oneRound: roundAt(place) }, say);
  const where = { ...machine, node: process.versions.node };
  const rows = summarise(phases, measured);
  const shown = (): string => `${table(phases, rows, { machine: where, rounds })}\n`;
  console.log(json ? JSON.stringify({ machine: where, rows, measured }, null, 2) : shown());
}

async function chosenSource(target: StackConfig["target"]): Promise<ImageSource> {
  const { source, because } = await sourceOf(parseStack({ target }));
  say(`images: ${source}, because ${because}`);
  return source;
}

/** What stands for each upstream reference where the services run. */
function referencesBy(resolve: Resolver): Readonly<Record<string, string>> {
  return Object.fromEntries(
    benchImages.map((image) => {
      const resolved = resolve(image);
      if (resolved.kind === "unavailable") throw new Error(`${image} cannot be had: ${resolved.because}`);
      return [image, resolved.reference];
    }),
  );
}

function variants({ isolation, preview, parallel }: Options): Parameters<typeof twofoldTool>[0][] {
  return isolation.flatMap((each) => [
    { isolation: each, preview: false },
    ...(preview ? [{ isolation: each, preview: true }] : []),
    ...(parallel ?? []).map((number) => ({ isolation: each, preview: false, parallel: number })),
  ]);
}

main().catch((error: unknown) => {
  console.error(error instanceof z.ZodError ? `${z.prettifyError(error)}\n\n${usage}` : error);
  process.exitCode = 1;
});
