import { type PolicyResource, type ResourceValidationArgs, UnknownValueError } from "@pulumi/policy";
import { pending } from "./facts/plain";
import type { Resource, Stack } from "./facts/stack";

/** Inputs of every resource that was looked at, by URN: what comes of them says less of what was asked for. */
const inputsOf = new Map<string, unknown>();

export function plainResource({ type, name, urn, props, opts }: ResourceValidationArgs): Resource {
  const inputs = plain(props);
  inputsOf.set(urn, inputs);
  return { type, name, urn, inputs, parent: opts.parent, ...optionsOf(opts) };
}

/** A whole stack at the end of a preview or an update. */
export function plainStack(resources: readonly PolicyResource[], before: Stack["before"]): Stack {
  return { resources: resources.map(fromStack), before };
}

function fromStack({ type, name, urn, props, opts, propertyDependencies }: PolicyResource): Resource {
  const outputs = plain(props);
  const uses = Object.fromEntries(
    Object.entries(propertyDependencies).map(([key, others]) => [key, others.map((other) => other.urn)]),
  );
  const inputs = inputsOf.get(urn) ?? outputs;
  return { type, name, urn, inputs, outputs, parent: opts.parent, uses, ...optionsOf(opts) };
}

function optionsOf({ protect, ignoreChanges }: ResourceValidationArgs["opts"]): Partial<Resource> {
  return { isProtected: protect, ignoreChanges };
}

/** The data behind the SDK's proxy, which throws where a preview does not know a value. */
function plain(data: unknown): unknown {
  if (Array.isArray(data)) return Array.from(data.keys(), (index) => valueAt(data, index));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.keys(data).map((key) => [key, valueAt(data, key)]));
}

function valueAt(data: object, key: string | number): unknown {
  try {
    return plain(Reflect.get(data, key));
  } catch (error) {
    if (error instanceof UnknownValueError) return pending;
    throw error;
  }
}
