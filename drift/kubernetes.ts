import { z } from "zod";
import { difference, differences, flattened } from "./compare";
import type { Difference, Finding } from "./finding";
import { type Author, foreignFields, managedFieldsSchema } from "./managed-fields";
import { type Resource, Secret } from "./state";

/** The name under which the program writes to a cluster; see `realise-object.ts`. */
const ownManager = "twofold";

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  annotations: z.record(z.string(), z.unknown()).default({}),
});
const madeSchema = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata });
const liveSchema = z.looseObject({
  metadata: z.looseObject({ managedFields: managedFieldsSchema, deletionTimestamp: z.string().optional() }),
});

/** An object as a state says that it was made. */
export type Made = z.output<typeof madeSchema>;

/** The object of a resource, if it is one of a cluster. */
export function objectOf({ type, inputs }: Resource): Made | undefined {
  return type.startsWith("kubernetes:") ? madeSchema.parse(inputs) : undefined;
}

/** Names of the workloads that an autoscaler scales, as `kind name`: their replicas are its own business. */
export function scaledIn(resources: readonly Resource[]): ReadonlySet<string> {
  const autoscaler = z.object({
    kind: z.literal("HorizontalPodAutoscaler"),
    spec: z.object({ scaleTargetRef: z.object({ kind: z.string(), name: z.string() }) }),
  });
  return new Set(
    resources.flatMap(({ inputs }) => {
      const found = autoscaler.safeParse(inputs);
      return found.success ? [`${found.data.spec.scaleTargetRef.kind} ${found.data.spec.scaleTargetRef.name}`] : [];
    }),
  );
}

/** What of an object is not as it was made; `live` is what the API gives, and undefined when it gives nothing. */
export function objectFinding(
  urn: string,
  made: Made,
  live: unknown,
  scaled: ReadonlySet<string>,
): Finding | undefined {
  const what = `${made.kind} ${made.metadata.name}`;
  const found = live === undefined ? undefined : liveSchema.parse(live);
  if (found === undefined || found.metadata.deletionTimestamp !== undefined)
    return { urn, what, is: "missing", differences: [] };
  const authors = foreignFields(found.metadata.managedFields, ownManager);
  const [described, real] = [asCompared(made, scaled.has(what)), decoded(found)];
  const changed = differences(described, real).map((each) => signed(each, authors));
  const added = additions(described, real, authors);
  if (changed.length + added.length === 0) return undefined;
  return { urn, what, is: "changed", differences: [...changed, ...added] };
}

/** Without what is for the provider and for the autoscaler, and with a Secret's values where the API has them. */
function asCompared(made: Made, isScaled: boolean): object {
  const { annotations, ...restOfMetadata } = made.metadata;
  const lasting = Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/"));
  const { stringData, data, spec, ...rest } = made;
  return {
    ...rest,
    metadata: { ...restOfMetadata, annotations: Object.fromEntries(lasting) },
    ...(made.kind === "Secret" ? { data: { ...decodedSecrets(data), ...secretsIn(stringData) } } : { data }),
    ...(spec === undefined ? {} : { spec: isScaled ? withoutReplicas(spec) : spec }),
  };
}

const secretsIn = (given: unknown) => z.record(z.string(), z.unknown()).default({}).parse(given);

/** What the provider has encoded before it wrote it down. */
function decodedSecrets(data: unknown): object {
  const entries = Object.entries(secretsIn(data)).map(([key, value]) => {
    const encoded = String(value instanceof Secret ? value.value : value);
    return [key, new Secret(Buffer.from(encoded, "base64").toString())];
  });
  return Object.fromEntries(entries);
}

function withoutReplicas(spec: unknown): object {
  const { replicas: _, ...rest } = z.looseObject({}).parse(spec);
  return rest;
}

/** A Secret's data as they were before the API encoded them. */
function decoded(live: z.output<typeof liveSchema>): object {
  if (live["kind"] !== "Secret") return live;
  const data = z.record(z.string(), z.string()).default({}).parse(live["data"]);
  const plain = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]);
  return { ...live, data: Object.fromEntries(plain) };
}

/** With who changed it: the author of the field, or of something in it. */
function signed(each: Difference, authors: ReadonlyMap<string, Author>): Difference {
  const path = [...authors.keys()].find((at) => at === each.path || isBelow(at, each.path));
  const author = path === undefined ? undefined : authors.get(path);
  return author === undefined ? each : { ...each, ...author };
}

/** What somebody else has written that nothing is described of. */
function additions(described: object, real: object, authors: ReadonlyMap<string, Author>): readonly Difference[] {
  const known = flattened(described);
  const there = flattened(real);
  const isSecret = (real as { readonly kind?: unknown }).kind === "Secret";
  return [...authors].flatMap(([path, author]) => {
    const value = there.get(path);
    if (known.has(path) || [...known.keys()].some((at) => isWhole(at, path, known.get(at)))) return [];
    const found = difference(path, undefined, isSecret ? new Secret(value) : value);
    return value === undefined ? [] : [{ ...found, ...author }];
  });
}

const isBelow = (path: string, above: string): boolean =>
  path.startsWith(above) && [".", "["].includes(path[above.length] ?? "");

/** Whether a described value is compared as a whole, with all that is in it. */
function isWhole(at: string, path: string, value: unknown): boolean {
  return isBelow(path, at) && (typeof value !== "object" || value === null || value instanceof Secret);
}
