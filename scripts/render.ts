import { join } from "node:path";
import { parseArgs } from "node:util";
import { DescriptionError, oneOf, suggest } from "../components/core/errors";
import { type Gap, gapsOf } from "../components/core/gaps";
import { renderOptions } from "../components/targets/kubernetes/options";
import { renderKubernetes } from "../components/targets/kubernetes/render";
import { support } from "../components/targets/kubernetes/support";
import { manifestsYaml } from "../components/targets/kubernetes/yaml";
import type { StackConfig } from "../config/stack";
import { readStackFile } from "../config/stack-file";
import { ImageError } from "../images/errors";
import { inRegistry } from "../images/publish";
import { createResolver } from "../images/resolve";
import { kubernetesOptions } from "../systems/kubernetes";
import { planSystems } from "../systems/plan";

const usage = `usage: make render [STACK=prod], or node --import tsx scripts/render.ts [options]

Writes the systems of a stack as Kubernetes manifests to stdout, without a cluster and without Pulumi. Secrets are named,
and their values are for you to fill in.

options:
  --stack NAME    the stack whose Pulumi.NAME.yaml holds the configuration; dev by default
  --system NAME   only this one of the stack's systems
  --target NAME   what to write for: kubernetes, which is the default
  -h, --help      this text`;

/** What was rendered, and what is to be said about it. */
export interface Rendered {
  readonly yaml: string;
  readonly notes: readonly string[];
}

/** The manifests of the systems that a stack's configuration names, or of one of them. Throws a `DescriptionError`. */
export function renderStack(config: StackConfig, system: string | undefined): Rendered {
  const chosen = planSystems(config).map(({ plan }) => plan);
  const wanted = chosen.filter(({ name }) => system === undefined || name === system);
  if (wanted.length === 0)
    throw wrongArgument(
      "--system",
      system ?? "",
      suggest(
        system ?? "",
        chosen.map(({ name }) => name),
      ),
    );
  const source = config.imageSource ?? "upstream";
  const { registry } = config.kubernetes;
  const resolveImage = inRegistry(createResolver(source), registry);
  const parts = wanted.map((plan) => ({
    yaml: manifestsYaml(
      renderKubernetes(plan, renderOptions(plan.name, kubernetesOptions(plan.name, config, resolveImage))),
      plan,
    ),
    gaps: gapsOf(plan, support),
    built: plan.services.some(({ image }) => source === "local" || typeof image !== "string"),
  }));
  return {
    yaml: parts.map(({ yaml }) => yaml).join("---\n"),
    notes: [
      ...(parts.some(({ built }) => built)
        ? [
            `images that begin with ${registry} are built here: make images brings them there, and kubernetes.registry says where`,
          ]
        : []),
      ...notesOn(parts.flatMap(({ gaps }) => gaps)),
    ],
  };
}

/** One line for each kind of gap, as in a deployment. */
function notesOn(gaps: readonly Gap[]): readonly string[] {
  return [...Map.groupBy(gaps, ({ feature }) => feature)].map(([feature, alike]) => {
    const [first] = alike;
    return `${feature} is ${first?.level} (${first?.because}): ${alike.map(({ service }) => service).join(", ")}`;
  });
}

function wrongArgument(option: string, given: string, remedy: string): DescriptionError {
  return new DescriptionError("render", [{ path: option, given: `is ${JSON.stringify(given)}`, remedy }]);
}

function main(): void {
  const { values } = readArguments();
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.target !== "kubernetes") throw wrongArgument("--target", values.target, oneOf(["kubernetes"]));
  const { yaml, notes } = renderStack(readStackFile(join(__dirname, ".."), values.stack), values.system);
  for (const note of notes) console.error(`note: ${note}`);
  process.stdout.write(yaml);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        stack: { type: "string", default: "dev" },
        system: { type: "string" },
        target: { type: "string", default: "kubernetes" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new DescriptionError("render", [
      {
        path: "arguments",
        given: `are wrong: ${error instanceof Error ? error.message : String(error)}`,
        remedy: "see --help",
      },
    ]);
  }
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    console.error(error instanceof DescriptionError || error instanceof ImageError ? error.message : error);
    process.exitCode = 1;
  }
}
