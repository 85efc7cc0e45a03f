import { shortHash } from "../names";
import type { Metadata } from "./model";
import type { Selector } from "./pod-model";

export const nameLabel = "app.kubernetes.io/name";
/** Label with the deployment that an object belongs to: stacks in different backends can have the same name. */
export const ownerLabel = "twofold.owner";
/** Annotation with the stack that an object belongs to, as `project/stack`. */
export const stackAnnotation = "twofold.stack";

/** What belongs to a system as a whole has a dot in its name, which no service has. */
export const sharedName = (what: string): string => `all.${what}`;

/** A volume of a service. No service has a dot in its name. */
export const claimName = (service: string, volume: string): string => `${service}.${volume}`;

/**
 * The key of a file in a ConfigMap or Secret: the name of the file, for people, and a hash of its path, because there may
 * be several of that name. The dot tells it from the key of a secret, which has none.
 */
export function dataKey(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replaceAll(/[^A-Za-z0-9._-]/g, "_");
  return `${name.replace(/^\.+/, "").slice(0, 200)}.${shortHash(path)}`;
}

/** Finds the pods of a service in its namespace. */
export function selectorOf(service: string): Selector {
  return { matchLabels: { [nameLabel]: service } };
}

/** Labels of what belongs to a system, or to one of its services. */
export function labelsOf(system: string, service?: string): Readonly<Record<string, string>> {
  return {
    "app.kubernetes.io/managed-by": "twofold",
    ...(service === undefined ? {} : { [nameLabel]: service }),
    "app.kubernetes.io/part-of": system,
  };
}

interface Place {
  readonly plan: { readonly name: string };
  readonly options: { readonly namespace: string };
}

/** Metadata of an object of a service, which has the service's name unless another one is given. */
export function metadataOf({ plan, options }: Place, service: string, name: string = service): Metadata {
  return { name, namespace: options.namespace, labels: labelsOf(plan.name, service) };
}
