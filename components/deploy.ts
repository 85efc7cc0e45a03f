import * as pulumi from "@pulumi/pulumi";
import { DescriptionError, type Problem } from "./core/errors";
import { forbiddenGaps, type Gap, gapKinds, gapsOf, type Strictness } from "./core/gaps";
import type { ServicePlan, SystemPlan } from "./core/plan-types";
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

/** Where a plan becomes resources. */
export interface Place {
  /** Begins the names of what belongs to the system as a whole. */
  readonly name: string;
  readonly component: pulumi.ComponentResource;
  /** The component beneath which the resources of a service are made. */
  componentOf(service: ServicePlan): pulumi.ComponentResource;
}

/** Renders a plan for the target and makes its resources. Throws a `DescriptionError` before it makes the first one. */
export function deploy(
  plan: SystemPlan,
  { target, configSecrets = () => undefined, strictParity = "off" }: DeployArgs,
  place: Place,
): Deployed {
  const gaps = gapsOf(plan, target.support);
  const problems = [...forbiddenGaps(gaps, strictParity), ...missingSecrets(plan, configSecrets)];
  if (problems.length > 0) throw new DescriptionError(`system ${plan.name} on ${target.id}`, problems);
  const model = target.render(plan);
  const components = new Map(plan.services.map((service) => [service.name, place.componentOf(service)]));
  warnOfGaps(target.id, gaps, components.size, place.component);
  const realised = target.realise(model, {
    parentOf: (service) => (service === undefined ? place.component : (components.get(service) ?? place.component)),
    secret: realiseSecrets(plan.secrets, configSecrets, place),
  });
  for (const [service, because] of Object.entries(realised.omitted))
    void pulumi.log.warn(`${service} is left out: ${because}`, components.get(service));
  return { ...realised, gaps };
}

function missingSecrets(plan: SystemPlan, configured: ConfigSecrets): readonly Problem[] {
  return plan.secrets.flatMap(({ ref, source }) =>
    source.from === "config" && configured(source.key) === undefined
      ? [
          {
            path: `secrets.${ref.key}`,
            given: "is not in the stack's configuration",
            remedy: `run pulumi config set --secret ${source.key}`,
          },
        ]
      : [],
  );
}

function warnOfGaps(target: string, gaps: readonly Gap[], services: number, component: pulumi.Resource): void {
  for (const { text, services: names } of gapKinds(gaps)) {
    const who = names.length === services && services > 1 ? "every service" : names.join(", ");
    void pulumi.log.warn(`on ${target}: ${text}: ${who}`, component);
  }
}
