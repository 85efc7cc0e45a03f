import type { ServiceSpec } from "../core/spec";

type PortInput = NonNullable<ServiceSpec["ports"]>[string];

export interface HostPort {
  /** Port on this machine, on its loopback address unless `public` says otherwise, to which the stack's base is added. @default - not published */
  readonly hostPort?: number | undefined;
  /** Whether other machines may reach that port. @default false */
  readonly public?: boolean | undefined;
}

/** How a port that may be published is written in a spec. */
export function hostPort({
  hostPort: hostNumber,
  public: isPublic = false,
}: HostPort): Pick<PortInput, "exposure" | "hostNumber"> {
  return hostNumber === undefined ? {} : { exposure: isPublic ? "public" : "loopback", hostNumber };
}
