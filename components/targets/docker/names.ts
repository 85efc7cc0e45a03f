import { createHash } from "node:crypto";

const longest = 63;

/** A number from the beginning of a hash: the same for the same text on every machine. */
export function hashNumber(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}

/** A name of at most 63 characters; a longer one is cut and ends with a hash of the whole. */
export function shortened(name: string): string {
  if (name.length <= longest) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - 1 - hash.length)}-${hash}`;
}

/** The names of services have no dot, so that what comes after one cannot be mistaken for a part of them. */
export function containerName(prefix: string, service: string, replica: number, replicas: number): string {
  return shortened(replicas === 1 ? `${prefix}-${service}` : `${prefix}-${service}.${replica}`);
}

/** The entries of a record in the order of their keys, whatever the order in which they were written. */
export function sorted<Item>(record: Readonly<Record<string, Item>>): [string, Item][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
