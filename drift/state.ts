import { z } from "zod";

/** Marks a secret in an exported state. */
const secretMark = "4dabf18193072939515e22adb298388d";
const secretSchema = z.object({ [secretMark]: z.literal("1b47061264138c4ac30d75fd1eb44270"), plaintext: z.string() });

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().default(""),
  delete: z.boolean().default(false),
  external: z.boolean().default(false),
  provider: z.string().default(""),
  inputs: z.record(z.string(), z.unknown()).default({}),
});
const deployment = z.object({
  deployment: z.object({ resources: z.array(resourceSchema).nullish() }).nullish(),
});

/** A resource of a state; secrets in its inputs are `Secret`s. */
export type Resource = z.output<typeof resourceSchema>;

/** A value that must not be shown. */
export class Secret {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The resources that a state says are there, of the output of `pulumi stack export --show-secrets`. */
export function resourcesIn(exported: string): readonly Resource[] {
  const resources = deployment.parse(JSON.parse(exported)).deployment?.resources ?? [];
  return resources
    .filter(({ custom, external, delete: doomed }) => custom && !external && !doomed)
    .map((resource) => ({ ...resource, inputs: unwrapped(resource.inputs) as Resource["inputs"] }));
}

/** Turns what a state marks as secret into a `Secret`, with all that is inside. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const secret = secretSchema.safeParse(value);
  if (secret.success) return secretLeaves(unwrapped(JSON.parse(secret.data.plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]));
}

/** A secret object is one of secrets, so that the difference of one key can be named. */
function secretLeaves(value: unknown): unknown {
  if (value instanceof Secret) return value;
  if (Array.isArray(value)) return value.map(secretLeaves);
  if (typeof value !== "object" || value === null) return new Secret(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, secretLeaves(inner)]));
}
