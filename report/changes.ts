import { causesOf } from "./causes";
import { type Described, type DescribedService, keyOf } from "./outline";
import type { Redact } from "./redact";
import { isCarrier, isReal, type Resource, types, workloads } from "./resource";
import { type Change, type Counts, type Kind, kinds, type Place } from "./schema";

type Resources = ReadonlyMap<string, Resource>;

/** Everything outside Pulumi that does not stay as it is, in the order of `kinds`. */
export function changesOf(resources: Resources, descriptions: Described, redact: Redact): readonly Change[] {
  const changed = [...resources.values()].filter((resource) => resource.kind !== "same" && isReal(resource));
  return changed
    .map((resource) => changeOf(resource, descriptions, redact))
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

function changeOf(resource: Resource, descriptions: Described, redact: Redact): Change {
  const { name, type, kind, old } = resource;
  const place = descriptions.placeOf(resource);
  const causes = kind === "replace" || kind === "update" ? causesOf(resource, redact) : [];
  const because = becauseOf(resource, place, causes.length, descriptions);
  return {
    ...place,
    name,
    type,
    kind,
    causes: [...causes],
    ...(because === undefined ? {} : { because }),
    ...(kind === "delete" && old?.retainOnDelete === true ? { stays: true } : {}),
    ...(runs(resource) && !isCarrier(resource) ? { restart: true } : {}),
  };
}

/** Whether it is no more than a process with what belongs to it. */
function runs({ type }: Resource): boolean {
  return type === types.container || workloads.includes(type);
}

function becauseOf(resource: Resource, place: Place, causes: number, descriptions: Described): string | undefined {
  if (resource.kind === "delete") return removalOf(resource, place, descriptions);
  if (resource.kind === "replace" && causes === 0) return "what it depends on is replaced";
  return undefined;
}

/** What is no longer described, as far as the descriptions before and after tell it. */
export function removalOf({ name, type }: Resource, place: Place, { systems, services }: Described): string {
  if (place.system !== undefined && systems.get(place.system)?.goes === true)
    return `the system ${place.system} is no longer described`;
  const service = services.get(keyOf(place));
  if (service === undefined) return "it is no longer in the program";
  if (service.goes) return `the service ${service.place.service} is no longer described`;
  const volume = type === types.volume || type === types.claim ? volumeGone(name, service) : undefined;
  if (volume !== undefined) return `volumes.${volume} of ${service.place.service} is no longer described`;
  return `${service.place.service} no longer asks for it`;
}

/** The volume of a description that was there before, and that gave a resource its name. */
function volumeGone(name: string, { old, new: fresh }: DescribedService): string | undefined {
  const gone = Object.keys(old?.volumes ?? {}).filter((volume) => fresh?.volumes[volume] === undefined);
  return gone.find((volume) => `.${name}.`.replaceAll("-", ".").includes(`.${volume.replaceAll("-", ".")}.`));
}

/** How many resources of each kind there are, components included, as Pulumi counts them. */
export function countsOf(counted: readonly { readonly kind: Kind }[]): Counts {
  const count = (kind: Kind): number => counted.filter((each) => each.kind === kind).length;
  return Object.fromEntries(kinds.map((kind) => [kind, count(kind)])) as Counts;
}

/** The same for each service, and for what belongs to a system or to the stack as a whole. */
export function countsByPlace(resources: Resources, { placeOf }: Described): readonly (Place & { counts: Counts })[] {
  const groups = Map.groupBy(resources.values(), (resource) => keyOf(placeOf(resource)));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...placeOf(first), counts: countsOf(group) }];
  });
}
