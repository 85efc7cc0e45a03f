import type { Described } from "./outline";
import { entriesOf, itemsOf } from "./property-path";
import { hideByForm, isSecretName } from "./redact";
import { isReal, type Resource } from "./resource";
import type { PlainSecret } from "./schema";
import { isSecret, nameOf } from "./secrets";

/** Inputs of what changes that have the name or the form of a secret, and that the engine would store and show in clear. */
export function plainSecretsOf(
  resources: ReadonlyMap<string, Resource>,
  { placeOf }: Described,
): readonly PlainSecret[] {
  const changing = [...resources.values()].filter(
    (resource) => isReal(resource) && resource.kind !== "same" && resource.kind !== "delete",
  );
  return changing.flatMap((resource) => {
    const { name, type, new: fresh } = resource;
    return plainIn(fresh?.inputs, "", "").map((path) => ({ ...placeOf(resource), name, type, path }));
  });
}

function plainIn(value: unknown, name: string, path: string): readonly string[] {
  if (isSecret(value)) return [];
  if (typeof value === "string") {
    const own = isSecretName(name) && !/^(true|false|\d{0,3})$/.test(value);
    return own || hideByForm(value) !== value ? [path] : [];
  }
  const named = nameOf(value);
  return [
    ...itemsOf(value).flatMap((item, index) => plainIn(item, name, `${path}[${index}]`)),
    ...entriesOf(value).flatMap(([key, item]) =>
      plainIn(item, key === "value" && named !== undefined ? named : key, path === "" ? key : `${path}.${key}`),
    ),
  ];
}
