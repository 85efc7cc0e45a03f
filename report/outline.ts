import { z } from "zod";
import { type Resource, types } from "./resource";
import type { Place } from "./schema";

// Only what a report reads, and loosely: the state may have been written by another version.
const number = z.number();
const probe = z.object({ periodSeconds: number, timeoutSeconds: number, failures: number }).optional();
const request = z.object({ request: number });

const serviceOutline = z.object({
  kind: z.enum(["service", "stateful", "job", "cron"]),
  replicas: number,
  autoscale: z.object({ min: number, max: number }).optional(),
  volumes: z.record(z.string(), z.object({ sizeMiB: number })),
  resources: z.object({ cpuMillis: request, memoryMiB: request }),
  probes: z.object({ startup: probe, ready: probe, live: probe, startupSeconds: number }),
  shutdown: z.object({ graceSeconds: number }),
  waits: z.array(z.object({ service: z.string() })),
});
export type ServiceOutline = z.output<typeof serviceOutline>;

const connection = z.object({ from: z.string(), to: z.string(), port: number, protocol: z.string() });
const external = z.object({ from: z.string(), host: z.string(), port: number });
const gap = z.object({
  service: z.string(),
  feature: z.string(),
  level: z.enum(["approximated", "unsupported"]),
  because: z.string(),
});

const systemOutputs = z.object({
  target: z.string(),
  gaps: z.array(gap),
  omitted: z.record(z.string(), z.string()),
  outline: z
    .object({ connections: z.array(connection), externals: z.array(external) })
    .optional()
    .catch(undefined),
});
export type SystemOutputs = z.output<typeof systemOutputs>;

/** Something before a change and after it; a side is absent where there is nothing, or nothing that can be read. */
export interface Sides<Item> {
  readonly old?: Item;
  readonly new?: Item;
  /** Whether it was not described before. */
  readonly comes: boolean;
  /** Whether it is no longer described. */
  readonly goes: boolean;
}

/**
 * Whether both sides are known, as far as there are two: another version may have written the old one, and a program that
 * fails never says the new one.
 */
export function isKnown({ old, new: fresh, comes, goes }: Sides<unknown>): boolean {
  return (comes || old !== undefined) && (goes || fresh !== undefined);
}

/** The components of a preview: whose each resource is, and what was described of it on both sides. */
export interface Described {
  readonly systems: ReadonlyMap<string, Sides<SystemOutputs>>;
  /** By `keyOf` their place. */
  readonly services: ReadonlyMap<string, DescribedService>;
  placeOf(resource: Resource): Place;
}

export interface DescribedService extends Sides<ServiceOutline> {
  readonly place: { readonly system: string; readonly service: string };
}

export const keyOf = ({ system, service }: Place): string => `${system ?? ""}/${service ?? ""}`;

export function described(resources: ReadonlyMap<string, Resource>): Described {
  const systems = new Map<string, Sides<SystemOutputs>>();
  const services = new Map<string, DescribedService>();
  const places = new Map<string, Place>();

  const placeOfUrn = (urn: string): Place => {
    const resource = resources.get(urn);
    if (resource === undefined) return {};
    const known = places.get(urn);
    if (known !== undefined) return known;
    places.set(urn, {}); // a state in which parents go in circles ends here
    const place = ownPlace(resource, placeOfUrn(parentOf(resource)));
    places.set(urn, place);
    return place;
  };

  for (const resource of resources.values()) {
    const place = placeOfUrn(resource.urn);
    const { system, service } = place;
    if (system === undefined) continue;
    if (resource.type === types.service && service !== undefined)
      services.set(keyOf(place), { ...sidesOf(resource, outlineIn), place: { system, service } });
    // a service on its own is a system of one, and says the same of itself
    if (resource.type === types.system || (resource.type === types.service && resource.name === system))
      systems.set(system, sidesOf(resource, systemIn));
  }
  return { systems, services, placeOf: ({ urn }) => placeOfUrn(urn) };
}

/** Resources by service; each of those that belong to none is alone. */
export function byService(
  resources: ReadonlyMap<string, Resource>,
  { placeOf }: Described,
): ReadonlyMap<string, readonly Resource[]> {
  return Map.groupBy(resources.values(), (resource) => {
    const place = placeOf(resource);
    return place.service === undefined ? resource.urn : keyOf(place);
  });
}

const parentOf = ({ old, new: fresh }: Resource): string => (fresh ?? old)?.parent ?? "";

function ownPlace(resource: Resource, above: Place): Place {
  const { type, name } = resource;
  if (type === types.system) return { system: name };
  if (type !== types.service) return above;
  const { system } = above;
  if (system === undefined) return { system: name, service: name };
  const prefix = `${system}-`;
  return { system, service: name.startsWith(prefix) ? name.slice(prefix.length) : name };
}

function sidesOf<Item>({ old, new: fresh, kind }: Resource, read: (outputs: unknown) => Item | undefined): Sides<Item> {
  const [comes, goes] = [old === undefined, kind === "delete"];
  const before = old === undefined ? undefined : read(old.outputs);
  const after = fresh === undefined || goes ? undefined : read(fresh.outputs);
  return {
    comes,
    goes,
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
  };
}

function outlineIn(outputs: unknown): ServiceOutline | undefined {
  return z.object({ outline: serviceOutline }).safeParse(outputs).data?.outline;
}

function systemIn(outputs: unknown): SystemOutputs | undefined {
  return systemOutputs.safeParse(outputs).data;
}
