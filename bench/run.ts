import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { parseStack, type StackConfig } from "../config/stack";
import { ensureImages } from "../images/build";
import { publishImages } from "../images/publish";
import { createResolver, type Resolver } from "../images/resolve";
import type { ImageSource } from "../images/source";
import { ownCluster } from "../systems/cluster";
import { sourceOf } from "../systems/images";
import { cluster, clusterVersion, kubectlTool, removeNamespace, twofoldOnCluster } from "./cluster";
import { catalogueTable, compileTable } from "./compile";
import { engine, engineMachine, removeAll } from "./engine";
import { type Machine, summarise, table } from "./report";
import { measureRounds, type Place } from "./rounds";
import { benchImages } from "./services";
import { buildCompose, composeTool, root, type Tool, twofoldTool } from "./tools";

const usage = `usage: node --import tsx bench/run.ts [options]

Measures how long large systems take to compile, and \`pulumi up\` with the same eight services against Docker Compose v2 on the
Docker Engine and against kubectl on the cluster of this clone.

  --on LIST         compile, docker, kubernetes, with a comma between (default all; kubernetes when there is a cluster)
  --rounds N        measurements of each, of which the median is shown (default 5)
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
  on: list.pipe(z.array(z.enum(["compile", "docker", "kubernetes"]))),
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
      on: { type: "string", default: ["compile", "docker", ...(hasCluster ? ["kubernetes"] : [])].join(",") },
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
  const measured = await measureRounds(place, tools, rounds, say);
  const where = { ...machine, node: process.versions.node };
  const rows = summarise(measured);
  console.log(json ? JSON.stringify({ machine: where, rows, measured }, null, 2) : `${table(rows, where, rounds)}\n`);
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
