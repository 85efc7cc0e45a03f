import type { EndpointSpec, Service } from "./spec";
import { text, type Value } from "./value";

/** What a consumer learns of the endpoint that it connects to; the same on every target. */
export interface ConnectionValues {
  /** DNS name of the provider. */
  readonly host: string;
  readonly port: number;
  /** Scheme, user and password where the endpoint has them, host, port and path. */
  readonly url: Value;
  /** What the provider offers besides, by name: user, database, password. Throws on an unknown name. */
  value(name: string): Value;
}

/** A place of a service that others connect to. */
export interface Endpoint {
  readonly service: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly values: ConnectionValues;
}

/** Something outside the system: `external("api.exchange.com", 443)`. */
export interface External {
  readonly host: string;
  readonly port: number;
}

/** Names a host and a TCP port outside the system. */
export function external(host: string, port: number): External {
  return { host, port };
}

/** The endpoints of a service: those it provides, or else one for each port. */
export function endpointsOf(service: string, spec: Service): readonly Endpoint[] {
  const provided: Record<string, EndpointSpec> =
    Object.keys(spec.provides).length > 0
      ? spec.provides
      : Object.fromEntries(Object.keys(spec.ports).map((port) => [port, { port, values: {}, path: "" }]));
  return Object.entries(provided).flatMap(([name, endpoint]) => {
    const port = spec.ports[endpoint.port];
    if (port === undefined) return [];
    const { number, protocol } = port;
    return [{ service, name, port: number, protocol, values: connectionValues(service, number, name, endpoint) }];
  });
}

function connectionValues(host: string, port: number, name: string, endpoint: EndpointSpec): ConnectionValues {
  const scheme = endpoint.scheme ?? endpoint.port;
  const userinfo = endpoint.userinfo === undefined ? "" : text`${endpoint.userinfo}@`;
  return {
    host,
    port,
    url: text`${scheme}://${userinfo}${host}:${port}${endpoint.path}`,
    value(key) {
      const found = endpoint.values[key];
      if (found !== undefined) return found;
      const known = Object.keys(endpoint.values).sort().join(", ") || "none";
      throw new Error(`${host}.provides.${name} has no value ${JSON.stringify(key)}; it has: ${known}`);
    },
  };
}
