import { at, isRecord, itemsAt, textAt } from "./plain";
import type { Resource } from "./stack";

/** The resources of an exported state, without those that are only waiting for their deletion. */
export function resourcesIn(exported: unknown): readonly Resource[] {
  return itemsAt(exported, "deployment", "resources")
    .filter((resource) => isRecord(resource) && resource["delete"] !== true)
    .map((resource): Resource => {
      const urn = String(textAt(resource, "urn"));
      return {
        type: String(textAt(resource, "type")),
        name: urn.split("::").at(-1) ?? urn,
        urn,
        inputs: at(resource, "inputs"),
        outputs: at(resource, "outputs"),
        isProtected: at(resource, "protect") === true,
        isRetained: at(resource, "retainOnDelete") === true,
      };
    });
}
