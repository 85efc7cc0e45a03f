import { pending } from "../../../policy/facts/plain";
import type { Resource, Stack } from "../../../policy/facts/stack";
import { type Recorded, render, revealed } from "../../support/mocks";

/** What a policy would be shown of a program in its first preview. */
export async function stackOfProgram(program: () => unknown): Promise<Stack> {
  const { resources, outputs } = await render(program, true);
  return { resources: resources.map((resource) => fromRecorded(resource, outputs.get(resource.name))) };
}

function fromRecorded(recorded: Recorded, outputs: Record<string, unknown> | undefined): Resource {
  const { type, name, urn, parentUrn, protect, ignoreChanges, uses } = recorded;
  const isComponent = type.startsWith("twofold:");
  return {
    type,
    name,
    urn,
    inputs: plain(recorded.inputs),
    ...(isComponent ? { outputs: plain(outputs ?? {}) } : {}),
    ...(parentUrn === "" ? {} : { parent: parentUrn }),
    isProtected: protect,
    ignoreChanges,
    uses,
  };
}

/** What Pulumi's SDK has in the place of a value that is not known. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function plain(value: unknown): unknown {
  const data = revealed(value);
  if (data === unknownValue || data === undefined) return pending;
  if (Array.isArray(data)) return data.map(plain);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, inner]) => [key, plain(inner)]));
}
