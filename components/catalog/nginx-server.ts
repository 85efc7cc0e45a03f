import type { ServiceHandle } from "../core/service-handle";
import type { ServiceSpec } from "../core/spec";
import type { SystemBuilder } from "../core/system";
import { fromTable } from "./from-table";

/** Where an nginx listens for HTTP. */
export const httpPort = 8080;

/** Path at which an nginx tells its own health, whatever is behind it; its configuration answers there. */
export const healthPath = "/healthz";

/** What nginxes differ in. */
interface NginxServer extends Required<Pick<ServiceSpec, "command" | "ports">>, Pick<ServiceSpec, "env"> {
  readonly configuration: string;
  /** Beside the configuration. @default - none */
  readonly files?: NonNullable<ServiceSpec["files"]>;
}

/** An nginx with this configuration, which may write below /tmp alone. */
export function nginxServer(
  system: SystemBuilder,
  name: string,
  { configuration, files = [], ...own }: NginxServer,
): ServiceHandle {
  const { image, security, signal } = fromTable("nginx");
  return system.service(name, {
    image,
    security,
    ...own,
    files: [{ path: "/etc/nginx/conf.d/default.conf", content: configuration }, ...files],
    scratch: { tmp: { path: "/tmp", sizeMiB: 64 } },
    resources: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: 32, limit: 128 } },
    probes: { ready: { http: { port: "http", path: healthPath }, periodSeconds: 5 } },
    shutdown: { signal },
  });
}
