import { beyondCluster, unrestricted, wider } from "./network-policy";
import { byService, type Described, keyOf } from "./outline";
import { type Opening, openingsOf } from "./openings";
import { isReal, type Resource, types } from "./resource";
import type { Exposure } from "./schema";

/**
 * New ways to reach something. What was open before under another resource of the same service is not new;
 * what is closed is not listed.
 */
export function exposuresOf(resources: ReadonlyMap<string, Resource>, descriptions: Described): readonly Exposure[] {
  const { placeOf } = descriptions;
  const places = Map.groupBy(resources.values(), (resource) => keyOf(placeOf(resource)));
  const within = (find: (group: readonly Resource[]) => readonly Found[]) => (group: readonly Resource[]) => {
    const [first] = group;
    return find(group).map((found): Exposure => ({ ...(first === undefined ? {} : placeOf(first)), ...found }));
  };
  return [
    ...[...byService(resources, descriptions).values()].flatMap(within(newOpenings)),
    ...[...places.values()].flatMap(within(policyOpenings)),
    ...connectionsOf(descriptions),
  ];
}

type Found = Opening & Pick<Resource, "name" | "type">;

const isThere = ({ kind }: Resource): boolean => kind !== "delete";

function newOpenings(group: readonly Resource[]): readonly Found[] {
  const before = new Set(
    group.flatMap(({ type, old }) => (old === undefined ? [] : openingsOf(type, old.inputs).map(({ what }) => what))),
  );
  return group.filter(isThere).flatMap(({ name, type, new: fresh }) => {
    const openings = fresh === undefined ? [] : openingsOf(type, fresh.inputs);
    return openings.filter(({ what }) => !before.has(what)).map((opening) => ({ ...opening, name, type }));
  });
}

/** The policies of a service count together. Where there was none before, a policy of what is new opens what is outside alone. */
function policyOpenings(group: readonly Resource[]): readonly Found[] {
  const policies = group.filter(({ type }) => type === types.networkPolicy);
  const [named] = policies;
  if (named === undefined) return [];
  const old = policies.flatMap((policy) => (policy.old === undefined ? [] : [policy.old.inputs]));
  const fresh = policies.filter(isThere).flatMap((policy) => (policy.new === undefined ? [] : [policy.new.inputs]));
  const others = group.filter((each) => each.type !== types.networkPolicy && isReal(each));
  const { name, type } = policies.find(({ kind }) => kind !== "same") ?? named;
  const openings = (): readonly Opening[] => {
    if (old.length > 0 && fresh.length > 0) return wider(old, fresh);
    if (fresh.length > 0) return others.some((other) => other.old !== undefined) ? [] : beyondCluster(fresh);
    return others.some((other) => other.new !== undefined && isThere(other)) ? [unrestricted()] : [];
  };
  return openings().map((opening) => ({ ...opening, name, type }));
}

/** On Docker, connections are networks, which do not say what they allow; the description does. */
function connectionsOf({ systems, services }: Described): readonly Exposure[] {
  return [...systems].flatMap(([system, { old, new: fresh }]) => {
    if (old?.outline === undefined || fresh?.outline === undefined || fresh.target !== "docker") return [];
    const was = (service: string): boolean => services.get(keyOf({ system, service }))?.old !== undefined;
    const before = new Set([...old.outline.connections, ...old.outline.externals].map((each) => JSON.stringify(each)));
    const isNew = (each: object): boolean => !before.has(JSON.stringify(each));
    const exposure = (service: string, to: Exposure["to"], path: string, what: string): Exposure => ({
      ...{ system, service, name: service, type: types.service },
      ...{ to, path, what },
    });
    return [
      ...fresh.outline.connections
        .filter((each) => isNew(each) && was(each.from) && was(each.to))
        .map(({ from, to, port, protocol }) =>
          exposure(to, "services", "connections", `may be reached by ${from} on ${port}/${protocol}`),
        ),
      ...fresh.outline.externals
        .filter(isNew)
        .map(({ from, host, port }) => exposure(from, "network", "externals", `may reach ${host} on ${port}/tcp`)),
    ];
  });
}
