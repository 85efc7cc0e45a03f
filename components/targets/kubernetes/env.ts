import type { ServicePlan } from "../../core/plan-types";
import { secretsIn, type Value } from "../../core/value";
import { sorted } from "../names";
import type { EnvVar } from "./pod-model";

/** Kubernetes expands `$(NAME)` in variables, commands and arguments; a doubled `$` stands for itself everywhere. */
export const literal = (text: string): string => text.replaceAll("$", "$$$$");

/**
 * What the variables of a service need of its Secret, by their names. A text with secrets in it is kept there whole: to be
 * put together from others by Kubernetes, it would need variables that the process has on no other target.
 */
export function secretEnv({ env }: ServicePlan): Readonly<Record<string, Value>> {
  return Object.fromEntries(sorted(env).filter(([, value]) => secretsIn(value).length > 0));
}

/** The variables of a service. What has a secret in it comes from the Secret of the service. */
export function envOf(service: ServicePlan): readonly EnvVar[] {
  return sorted(service.env).map(([name, value]) =>
    typeof value === "string"
      ? { name, value: literal(value) }
      : { name, valueFrom: { secretKeyRef: { name: service.name, key: name } } },
  );
}
