import type { StackConfig } from "../config/stack";

/** Begins the names of what is made for a system, or is the name of its namespace. */
export function prefixed(system: string, { namePrefix }: Pick<StackConfig, "namePrefix">): string {
  return namePrefix === undefined ? system : `${namePrefix}-${system}`;
}
