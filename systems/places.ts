import type { Block } from "../components/targets/docker/ipv4";

/**
 * The systems of the catalogue, each with its place on a machine that runs several of them: its ports and addresses there
 * follow from it. Places are 0 to 15, and a system keeps its own for good.
 */
const places = { "algo-trading": 0, trademaster: 1, zigquant: 2, "metrics-examples": 3, marketprism: 4 } as const;

/** A system of the catalogue. */
export type SystemName = keyof typeof places;

/** How many systems a machine has addresses for. */
const placeCount = 16;

export const systemNames = Object.keys(places) as readonly string[] as readonly [SystemName, ...SystemName[]];

/** Something for each system of the catalogue, made from its place. */
export function perSystem<Item>(make: (place: number) => Item): Readonly<Record<SystemName, Item>> {
  const all = systemNames.map((name): [SystemName, Item] => [name, make(places[name])]);
  return Object.fromEntries(all) as Record<SystemName, Item>;
}

/** The part of a machine's addresses that is a system's own. */
export function partOf({ first, size }: Block, system: SystemName): Block {
  const part = size / placeCount;
  return { first: first + places[system] * part, size: part };
}
