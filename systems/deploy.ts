import * as pulumi from "@pulumi/pulumi";
import { DescriptionError } from "../components/core/errors";
import type { Gap } from "../components/core/gaps";
import { System } from "../components/system";
import type { Target } from "../components/targets/target";
import type { Stack } from "../config/stack";
import { ImageError } from "../images/errors";
import type { SystemName } from "./places";
import { secretsFor, warnOfSharedDeadMan } from "./dead-man";
import { sourceOf } from "./images";
import { type Chosen, planSystems } from "./plan";
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
export async function deploySystems(given: Stack): Promise<Deployment> {
  const { source, because } = await sourceOf(given.config);
  void pulumi.log.info(`images: ${source}, because ${because}`);
  const stack = { ...given, config: { ...given.config, imageSource: source } };
  const chosen = planSystems(stack.config);
  const { target, monitoring } = await chooseTarget(stack, chosen);
  if (stack.config.monitoring === "own" && stack.config.receivers.deadMan !== undefined)
    warnOfSharedDeadMan(
      chosen.map(({ name }) => name),
      stack.secret,
    );
  const deployed = chosen.map((each) => deployOne(stack, each, target(each.name)));
  return {
    addresses: Object.fromEntries([
      ...deployed.map(({ name, system }) => [name, system.endpoints]),
      ...(monitoring === undefined ? [] : [["monitoring", monitoring.endpoints]]),
    ]),
    parity: Object.fromEntries(deployed.map(({ name, system }) => [name, system.gaps])),
    omitted: Object.fromEntries([
      ...deployed.map(({ name, system }) => [name, system.omitted]),
      ...(monitoring === undefined ? [] : [["monitoring", monitoring.omitted]]),
    ]),
  };
}

function deployOne(
  { config, secret }: Stack,
  { name, definition, only }: Chosen,
  target: Target,
): { readonly name: SystemName; readonly system: System } {
  const system = new System(name, definition, {
    target,
    configSecrets: secretsFor(name, secret),
    strictParity: config.strictParity,
    monitoring: config.monitoring,
    ...(only === undefined ? {} : { only }),
  });
  return { name, system };
}

/** Shows a user's mistake as one block without a stack trace; anything else is a bug and keeps its stack. */
export function explained(error: unknown): never {
  if (error instanceof DescriptionError || error instanceof ImageError) throw new pulumi.RunError(error.message);
  throw error;
}
