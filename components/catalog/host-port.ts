import type { ServiceSpec } from "../core/spec";

type PortInput = NonNullable<ServiceSpec["ports"]>[string];

export interface HostPort {
  /** Port on this machine's loopback address, to which the stack's base is added. @default - not published */
  readonly hostPort?: number | undefined;
}

/** How a port that may be published on the machine itself is written in a spec. */
export function hostPort({ hostPort: hostNumber }: HostPort): Pick<PortInput, "exposure" | "hostNumber"> {
  return hostNumber === undefined ? {} : { exposure: "loopback", hostNumber };
}
