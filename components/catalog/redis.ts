import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { fromTable } from "./from-table";
import { type HostPort, hostPort } from "./host-port";

export interface RedisOptions extends HostPort {
  /** Memory for data; the container may use twice as much, which a rewrite of the append-only file can need. @default 256 */
  readonly maxMemoryMiB?: number;
  /** What happens when that memory is full: `allkeys-lru` forgets, for caches; `noeviction` refuses writes. */
  readonly whenFull: "allkeys-lru" | "noeviction";
}

/** Where every server listens. */
export const redisPort = 6379;

/** A Redis 7 server that keeps its data in an append-only file. */
export function redis(system: SystemBuilder, name: string, options: RedisOptions): ServiceHandle {
  const { maxMemoryMiB = 256, whenFull } = options;
  const { image, security, signal } = fromTable("redis7");
  return system.service(name, {
    kind: "stateful",
    image,
    args: ["redis-server", "--appendonly", "yes", "--maxmemory", `${maxMemoryMiB}mb`, "--maxmemory-policy", whenFull],
    security,
    ports: { redis: { number: redisPort, ...hostPort(options) } },
    volumes: { data: { path: "/data", sizeMiB: maxMemoryMiB * 4 } },
    resources: {
      cpuMillis: { request: 100, limit: 1000 },
      memoryMiB: { request: Math.ceil(maxMemoryMiB / 2), limit: maxMemoryMiB * 2 },
    },
    // -e: an answer such as LOADING counts as none
    probes: { ready: { exec: ["redis-cli", "-e", "ping"], periodSeconds: 10, timeoutSeconds: 5, failures: 5 } },
    shutdown: { signal },
    update: { order: "stopFirst" },
  });
}
