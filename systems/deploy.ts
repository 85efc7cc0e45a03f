import * as pulumi from "@pulumi/pulumi";
import { DescriptionError, suggest } from "../components/core/errors";
import type { Gap } from "../components/core/gaps";
import type { SystemPlan } from "../components/core/plan-types";
import type { SystemDefinition } from "../components/core/system";
import { System } from "../components/system";
import type { Target } from "../components/targets/target";
import type { Stack } from "../config/stack";

import { ImageError } from "../images/errors";
import { systems } from "./index";
import { chooseTarget } from "./target";

/** What a stack offers after it was deployed. */
export interface Deployment {
  /** Where exposed ports answer, by system and `service/port`. */
  readonly addresses: Record<string, pulumi.Output<Record<string, string>>>;
  /** What the target does otherwise than described, by system. */
  readonly parity: Record<string, readonly Gap[]>;
  /** Services that could not be deployed, with the reason, by system. */
  readonly omitted: Record<string, Readonly<Record<string, string>>>;
}

/** Deploys the systems that the stack's configuration names. Problems are reported before anything is made. */
export async function deploySystems(stack: Stack): Promise<Deployment> {
  const chosen = planSystems(stack);
  const target = await chooseTarget(
    stack,
    chosen.map(({ plan }) => plan),
  );
  const deployed = chosen.map(({ definition, only }) => deployOne(stack, definition, only, target));
  return {
    addresses: Object.fromEntries(deployed.map(({ name, system }) => [name, system.endpoints])),
    parity: Object.fromEntries(deployed.map(({ name, system }) => [name, system.gaps])),
    omitted: Object.fromEntries(deployed.map(({ name, system }) => [name, system.omitted])),
  };
}

interface Chosen {
  readonly definition: SystemDefinition;
  readonly only: readonly string[] | undefined;
  readonly plan: SystemPlan;
}

/** Describes and plans every system of the stack; `only` goes to the systems that have services of those names. */
function planSystems({ config }: Stack): readonly Chosen[] {
  const definitions = config.systems.map((name) => systems[name](config));
  const whole = definitions.map((definition) => ({ definition, plan: definition.plan() }));
  if (config.only === undefined) return whole.map((each) => ({ ...each, only: undefined }));
  const known = whole.flatMap(({ plan }) => plan.services.map(({ name }) => name));
  const unknown = config.only.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new DescriptionError(
      "configuration of the stack",
      unknown.map((name) => ({
        path: "only",
        given: `names ${JSON.stringify(name)}, which is no service`,
        remedy: suggest(name, known),
      })),
    );
  }
  const wanted = new Set(config.only);
  return whole.flatMap(({ definition, plan }) => {
    const only = plan.services.map(({ name }) => name).filter((name) => wanted.has(name));
    return only.length === 0 ? [] : [{ definition, only, plan: definition.plan({ only }) }];
  });
}

function deployOne(
  { config, secret }: Stack,
  definition: SystemDefinition,
  only: readonly string[] | undefined,
  target: (system: string) => Target,
): { name: string; system: System } {
  const system = new System(definition.name, definition, {
    target: target(definition.name),
    configSecrets: secret,
    strictParity: config.strictParity,
    ...(only === undefined ? {} : { only }),
  });
  return { name: definition.name, system };
}

/** Shows a user's mistake as one block without a stack trace; anything else is a bug and keeps its stack. */
export function explained(error: unknown): never {
  if (error instanceof DescriptionError || error instanceof ImageError) throw new pulumi.RunError(error.message);
  throw error;
}
