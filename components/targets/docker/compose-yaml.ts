import type { SecretPlan, SystemPlan } from "../../core/plan-types";
import { partsOf, SecretRef, secretsIn, Text, type Value } from "../../core/value";
import { yamlDocument } from "../yaml";
import { composeOf } from "./compose";
import type { DockerModel } from "./model";

/**
 * A system as a file for Docker Compose. There is no value of a secret in it: each is a variable, which a comment names beside
 * what Compose cannot do.
 */
export function composeYaml(model: DockerModel, plan: SystemPlan): string {
  const secrets = new Map(plan.secrets.map((secret) => [secret.ref.id, secret]));
  const file = composeOf(model);
  const used = new Set(secretIdsIn(file));
  const comment = commentOf(
    model,
    plan.name,
    plan.secrets.filter(({ ref }) => used.has(ref.id)),
  );
  return yamlDocument(written(file, secrets), comment.map((line) => (line === "" ? "" : ` ${line}`)).join("\n"));
}

/** The secrets that are named anywhere in it. */
function secretIdsIn(data: unknown): readonly string[] {
  if (typeof data !== "object" || data === null) return [];
  if (data instanceof SecretRef || data instanceof Text) return secretsIn(data).map(({ id }) => id);
  return Object.values(data).flatMap(secretIdsIn);
}

type Secrets = ReadonlyMap<string, SecretPlan>;

/** The file as Compose reads it: with its own variables where secrets are, and other dollar signs doubled. */
function written(data: unknown, secrets: Secrets): unknown {
  if (typeof data === "string" || data instanceof SecretRef || data instanceof Text) return textOf(data, secrets);
  if (Array.isArray(data)) return data.map((item) => written(item, secrets));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, written(value, secrets)]));
}

function textOf(value: Value, secrets: Secrets): string {
  return partsOf(value)
    .map((part) => (typeof part === "string" ? part.replaceAll("$", "$$$$") : reference(part, secrets)))
    .join("");
}

function reference(ref: SecretRef, secrets: Secrets): string {
  const secret = secrets.get(ref.id);
  if (secret === undefined) throw new Error(`the secret ${ref.id} is not part of the plan`);
  return `\${${variableOf(secret)}:?${originOf(secret)}}`;
}

/** Keys are unique for a system, and have no underscore. */
function variableOf({ ref }: SecretPlan): string {
  return ref.key.toUpperCase().replaceAll("-", "_");
}

function originOf({ source }: SecretPlan): string {
  return source.from === "generated"
    ? `set it to any ${source.length} letters and digits`
    : `set it to ${source.key} of the stack's configuration`;
}

function commentOf({ services }: DockerModel, name: string, secrets: readonly SecretPlan[]): readonly string[] {
  const present = services.filter(({ omitted }) => omitted === undefined);
  const kept = present.flatMap(({ volumes }) => volumes.filter(({ keep }) => keep)).map((volume) => volume.name);
  const prepared = present.some(({ carriers, volumes }) => carriers.length > 0 || volumes.length > 0);
  return [
    `${name} for Docker Compose 2.24 or later: docker compose up --detach, and docker compose down --volumes.`,
    ...(secrets.length === 0
      ? []
      : ["", "Needs these variables, in the environment or in a file .env beside this one:"]),
    ...secrets.map((secret) => `- ${variableOf(secret)}: ${originOf(secret)}`),
    "",
    "What Compose does not do as pulumi up does:",
    ...services.flatMap((service) =>
      service.omitted === undefined ? [] : [`- ${service.name} is left out: ${service.omitted}.`],
    ),
    "- A container that turns unhealthy or ends is only an error where another one waits for it, and its last words are not shown.",
    "- What is not described any more stays: a file in its folder, and a volume after docker compose down --volumes, too.",
    "- With another value of a secret, docker compose up --force-recreate brings it into files.",
    ...(prepared
      ? [
          "- Files and new volumes are given to their users by sh and chown of the service's image, which must have them.",
        ]
      : []),
    ...kept.map((volume) => `- ${volume} is to be kept, which docker compose down --volumes does not know.`),
  ];
}
