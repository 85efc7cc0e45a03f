/** How the API calls the objects of a kind, by the rule that it has for those that say nothing else; none here does. */
export function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith("s")) return `${name}es`;
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** Where a group and version of the API begins. */
export const apiPath = (apiVersion: string): string => (apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`);

/** Where an object is; one without a namespace belongs to the whole cluster. */
export function objectPath(apiVersion: string, plural: string, namespace: string | undefined, name: string): string {
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${apiPath(apiVersion)}${place}/${plural}/${name}`;
}
