import { join } from "node:path";
import { parseArgs } from "node:util";
import { DescriptionError, oneOf, suggest } from "../components/core/errors";
import { type Gap, gapKinds, gapsOf } from "../components/core/gaps";
import type { SystemPlan } from "../components/core/plan-types";
import { composeYaml } from "../components/targets/docker/compose-yaml";
import { renderOptions as dockerRenderOptions } from "../components/targets/docker/docker";
import { renderDocker } from "../components/targets/docker/render";
import { support as dockerSupport } from "../components/targets/docker/support";
import { renderOptions as kubernetesRenderOptions } from "../components/targets/kubernetes/options";
import { renderKubernetes } from "../components/targets/kubernetes/render";
import { support as kubernetesSupport } from "../components/targets/kubernetes/support";
import { manifestsYaml, monitoringYaml } from "../components/targets/kubernetes/yaml";
import type { StackConfig } from "../config/stack";
import { readStackFile } from "../config/stack-file";
import { ImageError } from "../images/errors";
import { inRegistry } from "../images/publish";
import { createResolver } from "../images/resolve";
import type { ImageSource } from "../images/source";
import { dockerOptions } from "../systems/docker";
import { kubernetesOptions } from "../systems/kubernetes";
import { monitoringOf } from "../systems/monitoring/index";
import { type Chosen, planSystems } from "../systems/plan";

const usage = `usage: make render [STACK=prod], or node --import tsx scripts/render.ts [options]

Writes the systems of a stack to stdout, without Pulumi: as Kubernetes manifests, or as a file for Docker Compose. Secrets are
named, and their values are for you to fill in.

options:
  --stack NAME    the stack whose Pulumi.NAME.yaml holds the configuration; dev by default
  --system NAME   only this one of the stack's systems; a Compose file holds one
  --target NAME   what to write for: docker or kubernetes; the stack's own by default
  -h, --help      this text`;

/** What was rendered, and what is to be said about it. */
export interface Rendered {
  readonly yaml: string;
  readonly notes: readonly string[];
}

type RenderTarget = StackConfig["target"];

/** The systems that a stack's configuration names, or one of them, for a target. Throws a `DescriptionError`. */
export function renderStack(config: StackConfig, system?: string, target: RenderTarget = config.target): Rendered {
  const chosen = planSystems({ ...config, imageSource: sourceOf(config) });
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
  return renderers[target](config, wanted);
}

type Renderer = (config: StackConfig, chosen: readonly Chosen[]) => Rendered;

const renderers: Readonly<Record<RenderTarget, Renderer>> = {
  docker: (config, chosen) => {
    const [one, ...more] = chosen;
    if (one === undefined || more.length > 0)
      throw wrongArgument("--system", "", oneOf(chosen.map(({ name }) => name)));
    const { name, plan } = one;
    const resolveImage = createResolver(sourceOf(config));
    const options = dockerRenderOptions(name, dockerOptions(name, config, resolveImage));
    return {
      yaml: composeYaml(renderDocker(plan, options), plan),
      notes: [
        ...builtNote(config, [plan], "images that begin with twofold.local are built here: make images does that"),
        ...notesOn(gapsOf(plan, dockerSupport)),
      ],
    };
  },
  kubernetes: (config, chosen) => {
    const plans = chosen.map(({ plan }) => plan);
    const { registry } = config.kubernetes;
    const resolveImage = inRegistry(createResolver(sourceOf(config)), registry);
    const monitoring = monitoringOf(config, resolveImage);
    const optionsOf = (name: string) => kubernetesRenderOptions(name, kubernetesOptions(name, config, resolveImage));
    return {
      yaml: [
        ...(monitoring === undefined ? [] : [monitoringYaml(monitoring)]),
        ...plans.map((plan) => manifestsYaml(renderKubernetes(plan, optionsOf(plan.name)), plan)),
      ].join("---\n"),
      notes: [
        ...builtNote(
          config,
          plans,
          `images that begin with ${registry} are built here: make images brings them there, and kubernetes.registry says where`,
        ),
        ...notesOn(plans.flatMap((plan) => gapsOf(plan, kubernetesSupport))),
      ],
    };
  },
};

/** Nobody is asked whether a registry answers: what is rendered depends on the configuration alone. */
function sourceOf({ imageSource = "upstream" }: StackConfig): ImageSource {
  return imageSource;
}

function builtNote(config: StackConfig, plans: readonly SystemPlan[], note: string): readonly string[] {
  const images = plans.flatMap(({ services }) => services.map(({ image }) => image));
  return sourceOf(config) === "local" || images.some((image) => typeof image !== "string") ? [note] : [];
}

/** As in a deployment. */
function notesOn(gaps: readonly Gap[]): readonly string[] {
  return gapKinds(gaps).map(({ text, services }) => `${text}: ${services.join(", ")}`);
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
  const config = readStackFile(join(__dirname, ".."), values.stack);
  const { yaml, notes } = renderStack(config, values.system, targetOf(values.target ?? config.target));
  for (const note of notes) console.error(`note: ${note}`);
  process.stdout.write(yaml);
}

function targetOf(name: string): RenderTarget {
  if (name === "docker" || name === "kubernetes") return name;
  throw wrongArgument("--target", name, oneOf(Object.keys(renderers)));
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        stack: { type: "string", default: "dev" },
        system: { type: "string" },
        target: { type: "string" },
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
