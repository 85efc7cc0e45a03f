import { shortened, shortHash } from "../names";

/** A number from the beginning of a hash: the same for the same text on every machine. */
export function hashNumber(text: string): number {
  return Number.parseInt(shortHash(text), 16);
}

/** The names of services have no dot, so that what comes after one cannot be mistaken for a part of them. */
export function containerName(prefix: string, service: string, replica: number, replicas: number): string {
  return shortened(replicas === 1 ? `${prefix}-${service}` : `${prefix}-${service}.${replica}`);
}
