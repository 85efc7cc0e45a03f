import { SecretRef, Text } from "./value";

/** Order of strings by code unit: the same on every machine, whatever its language. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function sortBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return [...items].sort((a, b) => compare(key(a), key(b)));
}

/**
 * A frozen copy of plain data, with the keys of every object sorted and those without a value dropped. Lists keep their
 * order. What was copied can change without changing the copy.
 */
export function canonical<Data>(data: Data): Data {
  return copy(data) as Data;
}

function copy(data: unknown): unknown {
  if (Array.isArray(data)) return Object.freeze(data.map(copy));
  if (typeof data !== "object" || data === null || data instanceof SecretRef || data instanceof Text) return data;
  const record = data as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record).filter((key) => record[key] !== undefined);
  return Object.freeze(Object.fromEntries(keys.sort().map((key) => [key, copy(record[key])])));
}
