import type { EndpointSpec, Port, Service } from "./spec";
import { text, type Value } from "./value";

/** What a consumer learns of the endpoint that it connects to; the same on every target. */
export interface ConnectionValues {
  /** DNS name of the provider. */
  readonly host: string;
  readonly port: number;
  /** Scheme, user and password where the endpoint has them, host, port and path. */
  readonly url: Value;
  /** What the provider offers besides, by name: user, database, password. An unknown name is reported as a problem. */
  value(name: string): Value;
}

/** A place of a service that others connect to. */
export interface Endpoint {
  readonly service: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: Port["protocol"];
  readonly url: Value;
  /** What it offers besides: user, database, password. */
  readonly values: Readonly<Record<string, Value>>;
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
    const port = Object.hasOwn(spec.ports, endpoint.port) ? spec.ports[endpoint.port] : undefined;
    if (port === undefined) return [];
    const { number, protocol } = port;
    const url = urlOf(service, number, endpoint);
    return [{ service, name, port: number, protocol, url, values: endpoint.values }];
  });
}

function urlOf(host: string, port: number, endpoint: EndpointSpec): Value {
  const scheme = endpoint.scheme ?? endpoint.port;
  const userinfo = endpoint.userinfo === undefined ? "" : text`${endpoint.userinfo}@`;
  return text`${scheme}://${userinfo}${host}:${port}${endpoint.path}`;
}
