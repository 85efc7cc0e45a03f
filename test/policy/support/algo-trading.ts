import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { System } from "../../../components/system";
import { docker } from "../../../components/targets/docker/docker";
import type { ResolveImage } from "../../../components/targets/images";
import { kubernetes } from "../../../components/targets/kubernetes/kubernetes";
import { renderOptions } from "../../../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../../../components/targets/kubernetes/render";
import type { Target } from "../../../components/targets/target";
import type { StackConfig } from "../../../config/stack";
import { readStackFile } from "../../../config/stack-file";
import { type Stack, stackOfManifests } from "../../../policy/facts/stack";
import type { Settings } from "../../../policy/rules/rule";
import { readSettings } from "../../../policy/settings";
import { dockerOptions } from "../../../systems/docker";
import { kubernetesOptions } from "../../../systems/kubernetes";
import type { SystemName } from "../../../systems/places";
import { planSystems } from "../../../systems/plan";
import { digest, settings } from "./plain";
import { stackOfProgram } from "./recorded";

const root = join(__dirname, "../../..");

/** By its digest, as images are on a cluster. */
const byDigest: ResolveImage = (image) => ({
  kind: "image",
  reference: `${typeof image === "string" ? image.replace(/:.*/, "") : image.build.context}@${digest}`,
});

/** By a tag that is a hash of the recipe, as images are on the machine that builds them. */
const byTag: ResolveImage = (image) => {
  const name = typeof image === "string" ? image.replace(/^.*\/|:.*$/g, "") : image.build.context;
  return { kind: "image", reference: `twofold.local/${name}:76d57ee2cf5d` };
};

/** The stack that comes along under this name, as a policy is shown it in its first preview. */
export function stackThatComesAlong(stack: string): Promise<Stack> {
  return stackOf(readStackFile(root, stack));
}

/** A stack with one system, as a policy is shown it in its first preview. */
export async function stackOf(config: StackConfig): Promise<Stack> {
  const [chosen] = planSystems(config);
  if (chosen === undefined) throw new Error("the stack has no system");
  const { name, definition } = chosen;
  const folder = mkdtempSync(join(tmpdir(), "twofold-"));
  try {
    const target = targetOf(name, config, folder);
    return await stackOfProgram(() => new System(name, definition, { target, monitoring: config.monitoring }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The objects of the production stack, without anything that its program says besides. */
export function manifestsOfProduction(): Stack {
  const config = readStackFile(root, "prod");
  const [chosen] = planSystems(config);
  if (chosen === undefined) throw new Error("prod has no system");
  const { name } = chosen.plan;
  const options = renderOptions(name, kubernetesOptions(name, config, byDigest));
  return stackOfManifests(manifestsOf(renderKubernetes(chosen.plan, options)));
}

function targetOf(system: SystemName, config: StackConfig, folder: string): Target {
  if (config.target === "docker") return docker(dockerOptions(system, config, byTag));
  const kubeconfig = join(folder, "config");
  const clusters = [{ name: "lab", cluster: { server: "https://lab.invalid" } }];
  const contexts = [{ name: "lab", context: { cluster: "lab", user: "lab" } }];
  writeFileSync(kubeconfig, stringify({ clusters, contexts, users: [{ name: "lab", user: { token: "t" } }] }));
  return kubernetes({ ...kubernetesOptions(system, config, byDigest), context: "lab", kubeconfig });
}

/** What the stack's own file says to the rules. */
export function settingsThatComeAlong(stack: string): Settings {
  const { config } = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return readSettings({ exemptions: config["policy:exemptions"] }, settings.ruleIds, new Date(settings.today));
}
