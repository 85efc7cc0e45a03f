import { sortBy } from "../../core/canonical";
import type { ServicePlan } from "../../core/plan-types";
import { partsOf, type SecretRef, secretsIn, type Value } from "../../core/value";
import { sorted } from "../names";
import type { EnvVar } from "./pod-model";

/** Kubernetes expands `$(NAME)` in variables, commands and arguments; a doubled `$` stands for itself everywhere. */
export const literal = (text: string): string => text.replaceAll("$", "$$$$");

/** The secrets that the variables of a service need, each once, in the order of their keys. */
export function secretsOfEnv({ env }: ServicePlan): readonly SecretRef[] {
  const refs = Object.values(env).flatMap(secretsIn);
  return sortBy([...new Map(refs.map((ref) => [ref.id, ref])).values()], ({ key }) => key);
}

/**
 * The variables of a service. A secret comes from the Secret of the service, and a text with secrets in it is put together
 * from variables that hold one each: what is only a part of a text gets a variable of its own for that. Those come first,
 * because only what was set before can be used.
 */
export function envOf(service: ServicePlan): readonly EnvVar[] {
  const variables = sorted(service.env);
  const whole = variables.flatMap(([name, value]) => {
    const ref = soleSecret(value);
    return ref === undefined ? [] : [{ name, ref }];
  });
  const parts = variables
    .filter(([, value]) => soleSecret(value) === undefined)
    .flatMap(([, value]) => secretsIn(value))
    .map(({ id }) => id);
  const helpers = secretsOfEnv(service)
    .filter(({ id }) => parts.includes(id) && !whole.some(({ ref }) => ref.id === id))
    .map((ref) => ({ name: freeName(ref, service.env), ref }));
  const given = [...whole, ...helpers];
  const variableOf = (ref: SecretRef): string => given.find((each) => each.ref.id === ref.id)?.name ?? "";
  return [
    ...given.map(({ name, ref }) => ({ name, valueFrom: { secretKeyRef: { name: service.name, key: ref.key } } })),
    ...variables
      .filter(([, value]) => soleSecret(value) === undefined)
      .map(([name, value]) => ({
        name,
        value: partsOf(value)
          .map((part) => (typeof part === "string" ? literal(part) : `$(${variableOf(part)})`))
          .join(""),
      })),
  ];
}

/** The secret that a value is, when it is nothing else. */
function soleSecret(value: Value): SecretRef | undefined {
  const [first, ...rest] = partsOf(value);
  return typeof first === "object" && rest.length === 0 ? first : undefined;
}

function freeName({ key }: SecretRef, env: ServicePlan["env"]): string {
  let name = `SECRET_${key.toUpperCase().replaceAll("-", "_")}`;
  while (Object.hasOwn(env, name)) name = `_${name}`;
  return name;
}
