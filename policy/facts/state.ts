import { at, isRecord, itemsAt, textAt } from "./plain";
import type { Resource } from "./stack";

/** The resources of an exported state, without those that are only waiting for their deletion. */
export function resourcesIn(exported: unknown): readonly Resource[] {
  return itemsAt(exported, "deployment", "resources")
    .filter((resource) => isRecord(resource) && resource["delete"] !== true)
    .map(resourceOf);
}

/** A resource as a state has it. */
export function resourceOf(state: unknown): Resource {
  const urn = String(textAt(state, "urn"));
  const parent = textAt(state, "parent");
  return {
    type: String(textAt(state, "type")),
    name: urn.split("::").at(-1) ?? urn,
    urn,
    inputs: at(state, "inputs"),
    outputs: at(state, "outputs"),
    parent: typeof parent === "string" ? parent : undefined,
    isProtected: at(state, "protect") === true,
    isRetained: at(state, "retainOnDelete") === true,
  };
}
