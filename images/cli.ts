import { parseArgs } from "node:util";
import { ensureImages } from "./build";
import { heldImages } from "./engine";
import { ImageError } from "./errors";
import { localBuild, localReference } from "./local";
import { entry, type ImageName, imageNames } from "./table";

const usage = `usage: node --import tsx images/cli.ts <command>

  list            every third-party image: upstream reference, local reference, whether the engine holds it
  build [name...] build local images, all of them without a name; what is there stays as it is

options:
  -h, --help      this text`;

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [command, ...names] = positionals;
  if (values.help) return console.log(usage);
  switch (command) {
    case "list":
      return list();
    case "build":
      return buildNamed(names);
    default:
      throw new ImageError(
        `${command === undefined ? "a command is missing" : `unknown command ${command}`}\n${usage}`,
      );
  }
}

function readArguments() {
  try {
    const options = { help: { type: "boolean", short: "h", default: false } } as const;
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw new ImageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function list(): Promise<void> {
  const held = await heldImages();
  for (const name of imageNames) {
    const local = localBuild(name);
    const reference = local === undefined ? undefined : localReference(local);
    const state = reference === undefined ? "no local build" : held.has(reference) ? "built" : "not built";
    console.log([name.padEnd(18), entry(name).upstream.padEnd(54), (reference ?? "-").padEnd(50), state].join(" "));
  }
}

async function buildNamed(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !isImageName(name));
  if (unknown.length > 0) {
    throw new ImageError(`unknown image ${unknown.join(", ")}; use ${imageNames.join(", ")}`);
  }
  const chosen = names.length === 0 ? imageNames : names.filter(isImageName);
  await ensureImages(
    chosen.map((name) => entry(name).upstream),
    { source: "local", progress: (line) => console.log(line) },
  );
  console.log("the engine holds these images");
}

function isImageName(name: string): name is ImageName {
  return (imageNames as readonly string[]).includes(name);
}

main().catch((error: unknown) => {
  console.error(error instanceof ImageError ? error.message : error);
  process.exitCode = 1;
});
