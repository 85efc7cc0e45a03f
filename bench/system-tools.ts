import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackSchema } from "../config/stack";
import { renderStack } from "../scripts/render";
import { perSystem, type SystemName } from "../systems/places";
import { prefixed } from "../systems/prefix";
import { measure, type Sample } from "./process";
import { pulumiIn, root, type Tool } from "./tools";

/** What is measured of a system: where its images come from, and the folder for files and states. */
export interface Subject {
  readonly system: SystemName;
  readonly imageSource: "upstream" | "local";
  readonly folder: string;
}

/** Keys of a stack's configuration for one system, apart from what a clone's own stacks and the tests have. */
export function settingsOf({ system, imageSource }: Pick<Subject, "system" | "imageSource">, namePrefix: string) {
  const hostPortBase = perSystem((place) => 20_700 + 2_000 * place);
  return {
    systems: [system],
    profile: "small",
    imageSource,
    namePrefix,
    hostPortBase,
    subnets: "10.227.0.0/16",
  } as const;
}

/** Docker Compose with the file that `make render` writes. It ends when nothing is starting any more, as `pulumi up` does. */
export function composeOfSystem(program: string, subject: Subject): Tool {
  const config = stackSchema.parse(settingsOf(subject, "twofold-bench-compose"));
  const prefix = prefixed(subject.system, config);
  const folder = join(subject.folder, prefix);
  mkdirSync(folder);
  const { yaml } = renderStack(config, subject.system);
  writeFileSync(join(folder, "compose.yaml"), yaml);
  const shell = (script: string): Promise<Sample> =>
    measure({ program: "sh", args: ["-euc", script, program], folder, env: secretsFor(yaml) });
  const starting = `docker ps --quiet --filter "name=^/${prefix}-" --filter health=starting`;
  return {
    name: "Docker Compose",
    prefix,
    up: () => shell(`"$0" up --detach; while [ -n "$(${starting})" ]; do sleep 0.1; done`),
    down: () => shell('"$0" down --volumes'),
  };
}

/** A value for each variable that the file asks for. */
function secretsFor(yaml: string): Readonly<Record<string, string>> {
  const variables = yaml.matchAll(/\$\{(\w+):\?set it to any (\d+) letters and digits\}/g);
  return Object.fromEntries([...variables].map(([, name = "", length]) => [name, "x".repeat(Number(length))]));
}

/** `pulumi up` as `make up` has it, with a state of its own. */
export async function twofoldOfSystem(subject: Subject): Promise<Tool> {
  const settings = settingsOf(subject, "twofold-bench");
  const prefix = prefixed(subject.system, settings);
  const run = await pulumiIn(join(root, "bench/program/catalogue"), prefix, subject.folder);
  const pairs = Object.entries(settings).flatMap(([key, value]) => [
    "--plaintext",
    `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  ]);
  await run(["config", "set-all", ...pairs]);
  return {
    name: "Twofold",
    prefix,
    up: () => run(["up", "--yes", "--skip-preview"]),
    down: () => run(["destroy", "--yes", "--skip-preview"]),
  };
}
