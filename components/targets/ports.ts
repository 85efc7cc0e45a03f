import type { Port, Service } from "../core/spec";
import { sorted } from "./names";

/** The ports that somebody outside the system may reach. */
export function exposedPorts(ports: Readonly<Record<string, Port>>): readonly [string, Port][] {
  return sorted(ports).filter(([, { exposure }]) => exposure !== "internal");
}

/** What a port speaks: the scheme of the endpoint on it, else its own name. */
export function schemeOf({ provides }: Pick<Service, "provides">, port: string): string {
  return Object.values(provides).find((endpoint) => endpoint.port === port)?.scheme ?? port;
}

/** The number of a port that a probe names. The planner has checked that it exists. */
export function probedPort(port: string, ports: Readonly<Record<string, Port>>): number {
  const found = ports[port];
  if (found === undefined) throw new Error(`a probe names the port ${port}, which the planner should have refused`);
  return found.number;
}
