import { grafanaDashboard } from "../../dashboards/grafana";
import { influxdbPanels } from "../../dashboards/influxdb";
import type { ServiceHandle } from "../core/service-handle";
import type { AlertRule } from "../core/spec";
import type { SystemBuilder } from "../core/system";
import { jobOf } from "../monitoring/scrape";
import { fromTable } from "./from-table";
import { type HostPort, hostPort } from "./host-port";
import { influxdbStart } from "./influxdb-start";
import { secretFile } from "./secret-file";

export interface InfluxdbOptions extends HostPort {
  /** @default app */
  readonly database?: string;
  /** Who may read and write that database, and nothing else. @default app */
  readonly user?: string;
  /** @default 1024 */
  readonly storageMiB?: number;
  /** @default 512 */
  readonly memoryMiB?: number;
}

/**
 * An InfluxDB 1 server with one database, which asks everybody for a password. Its endpoint offers the values `user`,
 * `password` and `database`; the administrator's password stays in the service. Both are generated, and set anew at each start.
 */
export function influxdb(system: SystemBuilder, name: string, options: InfluxdbOptions = {}): ServiceHandle {
  const { database = "app", user = "app", storageMiB = 1024, memoryMiB = 512 } = options;
  const { image, security, signal } = fromTable("influxdb");
  const password = system.secret(`${name}-password`);
  return system
    .service(name, {
      kind: "stateful",
      image,
      command: [...influxdbStart.command],
      security,
      ports: { http: { number: 8086, ...hostPort(options) } },
      env: {
        // what the client of the start script remembers of its questions
        HOME: "/tmp",
        INFLUXDB_DB: database,
        INFLUXDB_USER: user,
        INFLUXDB_USER_PASSWORD_FILE: secretFile(system, name, "influxdb-password", password),
        INFLUXDB_ADMIN_PASSWORD_FILE: secretFile(
          system,
          name,
          "influxdb-admin-password",
          system.secret(`${name}-admin-password`),
        ),
      },
      files: [{ path: influxdbStart.path, content: influxdbStart.content }],
      volumes: { data: { path: "/var/lib/influxdb", sizeMiB: storageMiB } },
      scratch: { tmp: { path: "/tmp", sizeMiB: 16 } },
      resources: {
        cpuMillis: { request: 100, limit: 1000 },
        memoryMiB: { request: Math.min(128, memoryMiB), limit: memoryMiB },
      },
      probes: { ready: { http: { port: "http", path: "/ping" }, periodSeconds: 5, timeoutSeconds: 3, failures: 5 } },
      shutdown: { signal },
      update: { order: "stopFirst" },
      provides: { http: { port: "http", values: { user, password, database } } },
    })
    .metricsOn("http", { names: ["process_resident_memory_bytes", "process_cpu_seconds_total", "go_goroutines"] })
    .alerts(down(name))
    .dashboard(
      grafanaDashboard({ system: system.name, slug: name, title: "InfluxDB", panels: influxdbPanels(jobOf(name)) }),
    );
}

const down = (name: string): AlertRule => ({
  name: "InfluxDbDown",
  expr: `up{job="${jobOf(name)}"} == 0`,
  forSeconds: 60,
  severity: "critical",
  summary: "InfluxDB does not answer",
  description: "{{ $labels.instance }} has not been scraped for a minute",
  runbook: "docs/runbooks/InfluxDbDown.md",
});
