import { at, isRecord } from "./plain";
import { type Resource, thingOf } from "./stack";

/** Marks an encrypted value in Pulumi's state. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Inputs of a container that docker inspect shows to everybody who may ask the engine. */
const shown: readonly string[] = ["command", "entrypoints", "envs", "healthcheck", "labels", "logOpts"];

const isEnvelope = (data: unknown): boolean => isRecord(data) && data[signatureKey] === secretSignature;

function hasEnvelope(data: unknown): boolean {
  if (isEnvelope(data)) return true;
  return typeof data === "object" && data !== null && Object.values(data).some(hasEnvelope);
}

/** Secrets of a resource in a state that are kept, or passed on, where they can be read. */
export function exposedIn(resource: Resource): readonly string[] {
  const thing = thingOf(resource);
  if (thing === undefined) return [];
  const { kind, target, plain } = thing;
  if (target === "docker")
    return shown.filter((key) => hasEnvelope(at(plain, key))).map((key) => `has a secret in ${key}`);
  if (kind !== "Secret")
    return Object.keys(isRecord(plain) ? plain : {})
      .filter((key) => hasEnvelope(at(plain, key)))
      .map((key) => `has a secret in ${key}`);
  return ["data", "stringData"].flatMap((part) =>
    unencrypted(at(plain, part)).map((key) => `keeps ${key} in the state in plain text`),
  );
}

function unencrypted(data: unknown): readonly string[] {
  if (!isRecord(data) || isEnvelope(data)) return [];
  return Object.keys(data).filter((key) => data[key] !== "" && !isEnvelope(data[key]));
}
