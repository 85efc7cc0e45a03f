import { z } from "zod";
import { under } from "./compare";

/** Who has written which fields of an object, as its `metadata.managedFields` say. */
export const managedFieldsSchema = z
  .array(
    z.object({
      manager: z.string(),
      operation: z.string(),
      subresource: z.string().optional(),
      time: z.string().optional(),
      fieldsV1: z.record(z.string(), z.unknown()).default({}),
    }),
  )
  .default([]);

/** Who wrote a field, and when. */
export interface Author {
  readonly by: string;
  readonly at?: string;
}

/** Writers that are part of a cluster: what they add is their work and nobody's change. */
const controllers = /^(kube-|kubelet$|cloud-controller|endpoint|local-path|helm-controller|cert-manager|traefik)/;

/** The fields of each author other than `own` and the cluster's controllers, by path; status is nobody's description. */
export function foreignFields(managed: z.output<typeof managedFieldsSchema>, own: string): ReadonlyMap<string, Author> {
  const foreign = managed.filter(
    ({ manager, subresource }) => manager !== own && subresource !== "status" && !controllers.test(manager),
  );
  return new Map(
    foreign.flatMap(({ manager, subresource, time, fieldsV1 }) => {
      const by = subresource === undefined ? manager : `${manager} (${subresource})`;
      const author: Author = time === undefined ? { by } : { by, at: time };
      return leaves(fieldsV1, "").map((path): [string, Author] => [path, author]);
    }),
  );
}

/** `f:` names a field, `k:` an item of a list by its keys, `v:` one by its value; a dot is the thing itself. */
function leaves(fields: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const inner = Object.entries(fields).filter(([key]) => key !== ".");
  if (inner.length === 0) return path === "" ? [] : [path];
  return inner.flatMap(([key, value]) => {
    const [kind, name] = [key.slice(0, 2), key.slice(2)];
    const next = kind === "f:" ? under(path, name) : `${path}[${nameIn(name)}]`;
    return leaves(z.record(z.string(), z.unknown()).parse(value), next);
  });
}

/** An item's first key names it well enough: of a port its number, without the protocol. */
function nameIn(json: string): string {
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null) return String(value);
  return String(Object.values(value)[0]);
}
