import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { type SecretRef, text } from "../core/value";
import { fromTable } from "./from-table";
import { type HostPort, hostPort } from "./host-port";
import { secretFile } from "./secret-file";

export interface RedisOptions extends HostPort {
  /** Memory for data; the container may use twice as much, which a rewrite of the append-only file can need. @default 256 */
  readonly maxMemoryMiB?: number;
  /** What happens when that memory is full: `allkeys-lru` forgets, for caches; `noeviction` refuses writes. */
  readonly whenFull: "allkeys-lru" | "noeviction";
  /** Whether clients need a password, which is generated and a part of the endpoint's URL. @default false */
  readonly withPassword?: boolean;
}

/** Where every server listens. */
export const redisPort = 6379;

/** A Redis 7 server that keeps its data in an append-only file. */
export function redis(system: SystemBuilder, name: string, options: RedisOptions): ServiceHandle {
  const { maxMemoryMiB = 256, whenFull, withPassword = false } = options;
  const password = withPassword ? system.secret(`${name}-password`) : undefined;
  const { image, security, signal } = fromTable("redis7");
  return system.service(name, {
    kind: "stateful",
    image,
    args: [
      "redis-server",
      ...configuration(system, name, password),
      "--appendonly",
      "yes",
      "--maxmemory",
      `${maxMemoryMiB}mb`,
      "--maxmemory-policy",
      whenFull,
    ],
    security,
    ports: { redis: { number: redisPort, ...hostPort(options) } },
    volumes: { data: { path: "/data", sizeMiB: maxMemoryMiB * 4 } },
    resources: {
      cpuMillis: { request: 100, limit: 1000 },
      memoryMiB: { request: Math.ceil(maxMemoryMiB / 2), limit: maxMemoryMiB * 2 },
    },
    probes: { ready: { exec: ping(password !== undefined), periodSeconds: 10, timeoutSeconds: 5, failures: 5 } },
    shutdown: { signal },
    update: { order: "stopFirst" },
    ...(password === undefined
      ? {}
      : { provides: { redis: { port: "redis", userinfo: text`:${password}`, values: { password } } } }),
  });
}

const passwordFile = "redis-password";

/** As a file: an argument would show in the list of processes. */
function configuration(system: SystemBuilder, name: string, password: SecretRef | undefined): readonly string[] {
  if (password === undefined) return [];
  secretFile(system, name, passwordFile, password);
  return [secretFile(system, name, "redis.conf", text`requirepass ${password}\n`)];
}

/** -e: an answer such as LOADING counts as none. */
function ping(withPassword: boolean): string[] {
  const plain = ["redis-cli", "-e", "ping"];
  if (!withPassword) return plain;
  return ["sh", "-c", `REDISCLI_AUTH=$(cat /run/secrets/${passwordFile}) exec ${plain.join(" ")}`];
}
