import { join } from "node:path";
import { parseArgs } from "node:util";
import { DescriptionError } from "../components/core/errors";
import { readStackFile } from "../config/stack-file";
import { ImageError } from "../images/errors";
import { imagesOf, provideImages, sourceOf } from "../systems/images";
import { planSystems } from "../systems/plan";

const usage = `usage: make images [STACK=prod], or node --import tsx scripts/images.ts [options]

Builds the images of a stack's systems that are built here, and pushes them to the registry of a Kubernetes stack. Gives a
line for each: what the systems call it, and what it is called where they run.

options:
  --stack NAME    the stack whose Pulumi.NAME.yaml holds the configuration; dev by default
  -h, --help      this text`;

async function main(): Promise<void> {
  const { values } = readArguments();
  if (values.help) {
    console.log(usage);
    return;
  }
  const config = readStackFile(join(__dirname, ".."), values.stack);
  const progress = (line: string): void => console.error(line);
  const { source, because } = await sourceOf(config);
  progress(`images: ${source}, because ${because}`);
  const plans = planSystems(config).map(({ plan }) => plan);
  const resolve = await provideImages(config, plans, { source, make: true, progress });
  const named = imagesOf(config, plans).map((image) => {
    const resolved = resolve(image);
    const name = typeof image === "string" ? image : image.build.context;
    return `${name}  ${resolved.kind === "image" ? resolved.reference : `left out: ${resolved.because}`}`;
  });
  for (const line of new Set(named)) console.log(line);
}

function readArguments() {
  try {
    return parseArgs({
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
