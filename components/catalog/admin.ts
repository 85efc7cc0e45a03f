import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { fromTable } from "./from-table";
import { type HostPort, hostPort } from "./host-port";
import { redisPort } from "./redis";

/** A web console for a PostgreSQL server, for development: it asks for user and password. */
export function adminer(
  system: SystemBuilder,
  name: string,
  { database, ...options }: HostPort & { readonly database: ServiceHandle },
): ServiceHandle {
  const { image, security, signal } = fromTable("adminer");
  const console = system.service(name, {
    image,
    security,
    ports: { http: { number: 8080, ...hostPort(options) } },
    scratch: { tmp: { path: "/tmp", sizeMiB: 64 } },
    resources: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: 64, limit: 256 } },
    probes: { ready: { http: { port: "http", path: "/" }, periodSeconds: 5 } },
    shutdown: { signal },
  });
  return console.connectsTo(database, { env: ({ host }) => ({ ADMINER_DEFAULT_SERVER: host }) });
}

/** A web console for Redis servers, for development; each shows up under its label. */
export function redisCommander(
  system: SystemBuilder,
  name: string,
  { servers, ...options }: HostPort & { readonly servers: Readonly<Record<string, ServiceHandle>> },
): ServiceHandle {
  const { image, security, signal } = fromTable("redisCommander");
  const connections = Object.entries(servers).map(([label, server]) => ({
    label,
    host: server.name,
    port: redisPort,
    dbIndex: 0,
  }));
  const console = system.service(name, {
    image,
    // Instead of the image's script, which writes its configuration into the image.
    args: ["node", "/redis-commander/bin/redis-commander.js"],
    env: { NODE_CONFIG: JSON.stringify({ noSave: true, connections }) },
    security,
    ports: { http: { number: 8081, ...hostPort(options) } },
    scratch: { tmp: { path: "/tmp", sizeMiB: 16 } },
    resources: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: 96, limit: 256 } },
    probes: { ready: { http: { port: "http", path: "/healthcheck" }, periodSeconds: 5 } },
    shutdown: { signal },
  });
  for (const server of Object.values(servers)) console.connectsTo(server);
  return console;
}
