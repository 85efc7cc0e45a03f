import { join } from "node:path";
import { parseArgs } from "node:util";
import { DescriptionError, suggest } from "../components/core/errors";
import type { StackConfig } from "../config/stack";
import { readStackFile } from "../config/stack-file";
import { ImageError } from "../images/errors";
import { isOnPath } from "../images/on-path";
import { scanImage } from "../images/scan";
import { writeSbom } from "../images/sbom/sbom";
import { type Provision, stackImages } from "../systems/images";

const usage = `usage: make images|scan|sbom [STACK=prod], or node --import tsx scripts/images.ts <command> [options]

  images   builds the images of a stack's systems that are built here, and pushes them to the registry of a Kubernetes stack.
           Gives a line for each: what the systems call it, and what it is called where they run
  scan     looks for known vulnerabilities in each image with Trivy, and writes its reports to .twofold/scan. Ends with 1 where
           one is high or critical and there is a version without it; .trivyignore names those that are taken nevertheless.
           Where Trivy is not installed, each image that was not scanned is named; with CI set, that is a failure
  sbom     writes what is in each image to .twofold/sbom, in the format CycloneDX

options:
  --stack NAME    the stack whose Pulumi.NAME.yaml holds the configuration; dev by default
  -h, --help      this text`;

const root = join(__dirname, "..");

/** Does its work, says how it went, and gives whether it went well. */
type Command = (config: StackConfig) => Promise<boolean>;

const commands: Readonly<Record<string, Command>> = {
  images: async (config) => {
    for (const { name, resolved } of await imagesOf(config, "published"))
      console.log(`${name}  ${resolved.kind === "image" ? resolved.reference : `left out: ${resolved.because}`}`);
    return true;
  },
  scan: async (config) => {
    if (isOnPath("trivy")) return each(config, (reference) => scanImage(reference, join(root, ".twofold/scan")));
    for (const { name, resolved } of await imagesOf(config, "named"))
      console.log(`${resolved.kind === "image" ? resolved.reference : name} was not scanned: Trivy is not installed`);
    console.log("to scan them, install Trivy: https://trivy.dev");
    return (process.env["CI"] ?? "") === "";
  },
  sbom: (config) => each(config, (reference) => writeSbom(reference, join(root, ".twofold/sbom"))),
};

/** Does something with each image that the engine has, after it was built where that is to be. All of them, whatever becomes of one. */
async function each(config: StackConfig, work: (reference: string) => Promise<boolean>): Promise<boolean> {
  let well = true;
  for (const { name, resolved } of await imagesOf(config, "built")) {
    if (resolved.kind === "image") well = (await work(resolved.reference)) && well;
    else console.log(`${name} is left out: ${resolved.because}`);
  }
  return well;
}

function imagesOf(config: StackConfig, provision: Provision) {
  return stackImages(config, provision, (line) => console.error(line));
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(usage);
  const [name = ""] = positionals;
  const command = commands[name];
  if (command === undefined)
    throw new ImageError(`unknown command ${JSON.stringify(name)}: ${suggest(name, Object.keys(commands))}\n${usage}`);
  if (!(await command(readStackFile(root, values.stack)))) process.exitCode = 1;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { stack: { type: "string", default: "dev" }, help: { type: "boolean", short: "h", default: false } },
    });
  } catch (error) {
    throw new ImageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof DescriptionError || error instanceof ImageError ? error.message : error);
  process.exitCode = 1;
});
