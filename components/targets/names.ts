import { createHash } from "node:crypto";

const longest = 63;

/** The beginning of a hash, as hexadecimal digits: the same for the same text on every machine. */
export function shortHash(text: string, digits = 8): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

/** A name of at most 63 characters; a longer one is cut and ends with a hash of the whole. */
export function shortened(name: string): string {
  if (name.length <= longest) return name;
  const hash = shortHash(name);
  return `${name.slice(0, longest - 1 - hash.length)}-${hash}`;
}

/** The entries of a record in the order of their keys, whatever the order in which they were written. */
export function sorted<Item>(record: Readonly<Record<string, Item>>): [string, Item][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
