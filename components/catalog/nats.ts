import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { text } from "../core/value";
import { fromTable } from "./from-table";
import { type HostPort, hostPort } from "./host-port";
import { secretFile } from "./secret-file";

export interface NatsOptions {
  /** Who may use the broker. @default app */
  readonly user?: string;
  /** Further names by which clients reach it. @default - none */
  readonly aliases?: readonly string[];
  /** Size of the volume, of which streams may take nine tenths. @default 1024 */
  readonly storageMiB?: number;
  /** @default 256 */
  readonly memoryMiB?: number;
  /**
   * When what was acknowledged is on the disk: `always` before the acknowledgement, or at the latest after that many
   * seconds, which a power cut can lose. @default always
   */
  readonly syncSeconds?: "always" | number;
  /** Ports on this machine of the broker and of its reports. */
  readonly hostPorts?: { readonly client?: HostPort; readonly monitor?: HostPort };
}

const folder = "/data";

/**
 * A NATS broker whose streams are kept on a volume. Its endpoint `client` offers the values `user` and `password`, which is
 * generated; its endpoint `monitor` answers JSON about the broker to whoever is let near it, without a password.
 */
export function nats(system: SystemBuilder, name: string, options: NatsOptions = {}): ServiceHandle {
  const { user = "app", storageMiB = 1024, memoryMiB = 256, syncSeconds = "always", hostPorts = {} } = options;
  const { image, security, signal } = fromTable("nats");
  const password = system.secret(`${name}-password`);
  const sync = syncSeconds === "always" ? "always" : `"${syncSeconds}s"`;
  const configuration = text`server_name: "${name}"
port: 4222
http_port: 8222
max_payload: 1MB
jetstream {
  store_dir: "${folder}"
  max_memory_store: ${Math.floor(memoryMiB / 4)}MB
  max_file_store: ${Math.floor(storageMiB * 0.9)}MB
  sync_interval: ${sync}
}
authorization {
  users: [{ user: "${user}", password: "${password}" }]
}
`;
  return system.service(name, {
    kind: "stateful",
    image,
    command: ["nats-server", "--config", secretFile(system, name, "nats.conf", configuration)],
    security,
    aliases: [...(options.aliases ?? [])],
    ports: {
      client: { number: 4222, ...hostPort(hostPorts.client ?? {}) },
      monitor: { number: 8222, ...hostPort(hostPorts.monitor ?? {}) },
    },
    volumes: { data: { path: folder, sizeMiB: storageMiB } },
    resources: {
      cpuMillis: { request: 100, limit: 1000 },
      memoryMiB: { request: Math.min(64, memoryMiB), limit: memoryMiB },
    },
    probes: {
      ready: { http: { port: "monitor", path: "/healthz" }, periodSeconds: 5, timeoutSeconds: 3, failures: 5 },
      // the server alone: a stream that recovers takes its time
      live: { http: { port: "monitor", path: "/healthz?js-server-only=true" }, periodSeconds: 10, failures: 5 },
    },
    shutdown: { signal },
    update: { order: "stopFirst" },
    provides: {
      client: { port: "client", scheme: "nats", values: { user, password } },
      monitor: { port: "monitor", scheme: "http" },
    },
  });
}
