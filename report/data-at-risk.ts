import { causesOf } from "./causes";
import { removalOf } from "./changes";
import type { Described } from "./outline";
import { valueAt } from "./property-path";
import type { Redact } from "./redact";
import { type Resource, types } from "./resource";
import type { DataRisk } from "./schema";
import { approvalOf, type Approval } from "./settings";

/** What holds data that its resource takes along when it goes. */
const stores: readonly string[] = [types.volume, types.claim, types.persistentVolume];

/** Deletes and replaces of what holds data. */
export function dataAtRisk(
  stack: string,
  resources: ReadonlyMap<string, Resource>,
  descriptions: Described,
  approvals: readonly Approval[],
  redact: Redact,
): readonly DataRisk[] {
  return [...resources.values()].flatMap((resource) => {
    const { kind, name, type, old } = resource;
    if ((kind !== "delete" && kind !== "replace") || !holdsData(resource, resources)) return [];
    const place = descriptions.placeOf(resource);
    const reasons = causesOf(resource, redact).filter(({ replaces }) => replaces);
    const because =
      kind === "delete" ? removalOf(resource, place, descriptions) : reasons.map(({ path }) => path).join(", ");
    const approved = approvalOf(approvals, stack, name);
    const risk: DataRisk = {
      ...place,
      name,
      type,
      kind,
      loss: old?.retainOnDelete === true ? "stays" : "lost",
      because: because === "" ? "what it depends on is replaced" : because,
      ...(approved === undefined ? {} : { approved }),
    };
    return [risk];
  });
}

/** Whether data goes with it: of itself, or because it is the namespace of claims, which go with it whatever the engine says. */
function holdsData({ type, old }: Resource, resources: ReadonlyMap<string, Resource>): boolean {
  if (stores.includes(type)) return true;
  if (type !== types.namespace) return false;
  const namespace = valueAt(old?.inputs, ["metadata", "name"]);
  return [...resources.values()].some(
    (other) => other.type === types.claim && valueAt(other.old?.inputs, ["metadata", "namespace"]) === namespace,
  );
}
