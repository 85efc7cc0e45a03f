import * as pulumi from "@pulumi/pulumi";
import { DescriptionError } from "./core/errors";
import { type Gap, gapsOf, refuseGaps, type Strictness } from "./core/gaps";
import type { SystemPlan } from "./core/plan-types";
import { type ConfigSecrets, realiseSecrets } from "./targets/realise-secrets";
import type { Realised, Target } from "./targets/target";

/** How and where something is deployed. */
export interface DeployArgs {
  /** Where it runs: `docker()`. */
  readonly target: Target;
  /** Secrets that come from the stack's configuration, by key. @default - none is configured */
  readonly configSecrets?: ConfigSecrets;
  /** Which gaps between description and target are errors. @default off */
  readonly strictParity?: Strictness;
}

export interface Deployed extends Realised {
  readonly gaps: readonly Gap[];
}

/** Renders a plan for the target and makes its resources beneath the components that `parentOf` names. */
export function deploy(
  plan: SystemPlan,
  { target, configSecrets = () => undefined, strictParity = "off" }: DeployArgs,
  system: pulumi.ComponentResource,
  parentOf: (service: string) => pulumi.ComponentResource,
): Deployed {
  const gaps = gapsOf(plan, target.support);
  refuseGaps(plan.name, target.id, gaps, strictParity);
  refuseMissingSecrets(plan, configSecrets);
  const model = target.render(plan);
  const components = new Map(plan.services.map(({ name }) => [name, parentOf(name)]));
  warnOfGaps(target.id, gaps, components);
  const realised = target.realise(model, {
    parentOf: (service) => (service === undefined ? system : (components.get(service) ?? system)),
    secret: realiseSecrets(plan.secrets, configSecrets, system),
  });
  for (const [service, because] of Object.entries(realised.omitted))
    void pulumi.log.warn(`${service} is left out: ${because}`, components.get(service));
  return { ...realised, gaps };
}

function refuseMissingSecrets(plan: SystemPlan, configured: ConfigSecrets): void {
  const missing = plan.secrets.flatMap(({ ref, source }) =>
    source.from === "config" && configured(source.key) === undefined ? [{ ref, key: source.key }] : [],
  );
  if (missing.length === 0) return;
  throw new DescriptionError(
    `system ${plan.name}`,
    missing.map(({ ref, key }) => ({
      path: `secrets.${ref.key}`,
      given: "is not in the stack's configuration",
      remedy: `run pulumi config set --secret ${key}`,
    })),
  );
}

/** One line for each service, so that a large system's preview stays readable. */
function warnOfGaps(target: string, gaps: readonly Gap[], components: ReadonlyMap<string, pulumi.Resource>): void {
  for (const [service, component] of components) {
    const own = gaps.filter((gap) => gap.service === service);
    if (own.length === 0) continue;
    const list = own.map(({ feature, level, because }) => `${feature} is ${level} (${because})`).join("; ");
    void pulumi.log.warn(`on ${target}: ${list}`, component);
  }
}
