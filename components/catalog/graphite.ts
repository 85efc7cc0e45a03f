import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { fromTable } from "./from-table";
import { djangoSecretName, graphiteEnv, graphiteFiles, graphiteStart, type Retention } from "./graphite-files";
import { type HostPort, hostPort } from "./host-port";
import { secretFile } from "./secret-file";

export interface GraphiteOptions extends HostPort {
  /** How metrics are kept, the first pattern that fits; a metric that none fits is kept each 10 s for a day. @default - none */
  readonly retentions?: readonly Retention[];
  /** @default 1024 */
  readonly storageMiB?: number;
}

const ports = { carbon: 2003, http: 8080 } as const;

/** All that has no retention of its own, such as what StatsD sends each 10 s. */
const otherwise: Retention = { name: "rest", pattern: ".*", retentions: "10s:1d,1m:30d" };

/**
 * Graphite: carbon, which takes `path value timestamp` lines at the endpoint `carbon`, and the web application at `http`.
 * Both share the files of the points, so they are one service. Graphite asks nobody for a password: who may reach it is for
 * the declared connections to say.
 */
export function graphite(system: SystemBuilder, name: string, options: GraphiteOptions = {}): ServiceHandle {
  const { retentions = [], storageMiB = 1024 } = options;
  const { image, security, signal } = fromTable("graphite");
  secretFile(system, name, djangoSecretName, system.secret(`${name}-django-secret`));
  return system.service(name, {
    kind: "stateful",
    image,
    command: [...graphiteStart],
    security,
    ports: { carbon: { number: ports.carbon }, http: { number: ports.http, ...hostPort(options) } },
    env: graphiteEnv,
    files: graphiteFiles([...retentions, otherwise], ports),
    volumes: { storage: { path: "/opt/graphite/storage", sizeMiB: storageMiB } },
    scratch: { tmp: { path: "/tmp", sizeMiB: 64 } },
    resources: { cpuMillis: { request: 100, limit: 1000 }, memoryMiB: { request: 192, limit: 512 } },
    // asks the web application; the service ends as a whole when carbon does
    probes: {
      ready: { http: { port: "http", path: "/version/" }, periodSeconds: 10, timeoutSeconds: 5, failures: 3 },
      startupSeconds: 90,
    },
    shutdown: { signal, graceSeconds: 30 },
    update: { order: "stopFirst" },
  });
}
