import { DescriptionError, suggest } from "../components/core/errors";
import type { SystemPlan } from "../components/core/plan-types";
import type { SystemDefinition } from "../components/core/system";
import type { StackConfig } from "../config/stack";
import { systems } from "./index";
import type { SystemName } from "./places";
import { sized } from "./profile";

/** A system of a stack, and what of it is deployed. */
export interface Chosen {
  readonly name: SystemName;
  readonly definition: SystemDefinition;
  readonly only: readonly string[] | undefined;
  readonly plan: SystemPlan;
}

/** Describes and plans every system of the stack; `only` goes to the systems that have services of those names. */
export function planSystems(config: StackConfig): readonly Chosen[] {
  const { monitoring } = config;
  const definitions = config.systems.map((name) => ({
    name,
    definition: sized(systems[name](config), config.profile),
  }));
  const whole = definitions.map(({ name, definition }) => ({
    name,
    definition,
    plan: definition.plan({ monitoring }),
  }));
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
  return whole.flatMap(({ name, definition, plan }) => {
    const only = plan.services.map(({ name }) => name).filter((name) => wanted.has(name));
    return only.length === 0 ? [] : [{ name, definition, only, plan: definition.plan({ only, monitoring }) }];
  });
}
