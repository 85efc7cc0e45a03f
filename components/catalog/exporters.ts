import type { ImageName } from "../../images/table";
import type { ServiceHandle } from "../core/service-handle";
import type { ServiceSpec } from "../core/spec";
import type { SystemBuilder } from "../core/system";
import { secretsIn, text } from "../core/value";
import { processMetrics } from "../monitoring/process-metrics";
import { fromTable } from "./from-table";
import { secretFile } from "./secret-file";

/** Metrics of a PostgreSQL server, as its own connection sees them. */
export function postgresExporter(system: SystemBuilder, name: string, database: ServiceHandle): ServiceHandle {
  return exporter(system, name, "postgresExporter", { port: 9187 })
    .connectsTo(database, {
      env: ({ host, port, value }) => ({
        DATA_SOURCE_URI: text`${host}:${port}/${value("database")}?sslmode=disable`,
        DATA_SOURCE_USER: value("user"),
        DATA_SOURCE_PASS_FILE: secretFile(system, name, "postgres-password", value("password")),
      }),
    })
    .metricsOn("metrics", {
      names: [
        ...processMetrics,
        "pg_up",
        "pg_stat_database_numbackends",
        "pg_stat_database_xact_commit",
        "pg_stat_database_xact_rollback",
        "pg_stat_database_blks_hit",
        "pg_stat_database_blks_read",
        "pg_stat_database_deadlocks",
        "pg_stat_activity_max_tx_duration",
        "pg_settings_max_connections",
        "pg_database_size_bytes",
      ],
    });
}

/** Metrics of a Redis server. */
export function redisExporter(system: SystemBuilder, name: string, server: ServiceHandle): ServiceHandle {
  return exporter(system, name, "redisExporter", { port: 9121 })
    .connectsTo(server, {
      env: ({ host, port, url, value }) => {
        if (secretsIn(url).length === 0) return { REDIS_ADDR: url };
        const address = `redis://${host}:${port}`;
        const passwords = text`{${JSON.stringify(address)}: "${value("password")}"}\n`;
        return {
          REDIS_ADDR: address,
          REDIS_PASSWORD_FILE: secretFile(system, name, "redis-passwords.json", passwords),
        };
      },
    })
    .metricsOn("metrics", {
      names: [
        ...processMetrics,
        "redis_up",
        "redis_connected_clients",
        "redis_commands_processed_total",
        "redis_memory_used_bytes",
        "redis_memory_max_bytes",
        "redis_evicted_keys_total",
        "redis_rejected_connections_total",
        "redis_mem_fragmentation_ratio",
        "redis_keyspace_hits_total",
        "redis_keyspace_misses_total",
      ],
    });
}

/** Metrics of the machine itself. */
export function nodeExporter(system: SystemBuilder, name: string): ServiceHandle {
  const because = "the machine's own figures are in these folders, not in the container's";
  return exporter(system, name, "nodeExporter", {
    port: 9100,
    args: ["--path.rootfs=/host", "--path.procfs=/host/proc", "--path.sysfs=/host/sys"],
    hostMounts: [{ source: "/", path: "/host", because }],
  }).metricsOn("metrics", {
    names: [
      ...processMetrics,
      "node_cpu_seconds_total",
      "node_memory_MemAvailable_bytes",
      "node_memory_MemTotal_bytes",
      "node_filesystem_avail_bytes",
      "node_filesystem_size_bytes",
      "node_load1",
      "node_disk_io_time_seconds_total",
      ...["receive", "transmit"].flatMap((way) =>
        ["bytes", "packets", "errs"].map((what) => `node_network_${way}_${what}_total`),
      ),
    ],
  });
}

/** Metrics of each container of the machine. */
export function cadvisor(system: SystemBuilder, name: string): ServiceHandle {
  const because = "cAdvisor reads control groups and asks Docker which container each belongs to";
  return exporter(system, name, "cadvisor", {
    port: 8080,
    probe: "/healthz",
    args: ["--docker_only=true", "--store_container_labels=false", "--housekeeping_interval=10s"],
    hostMounts: [
      { source: "/proc", path: "/rootfs/proc", because },
      { source: "/var/lib/docker", path: "/rootfs/var/lib/docker", because },
      { source: "/sys", path: "/sys", because },
      { source: "/var/run/docker.sock", path: "/var/run/docker.sock", because },
    ],
    because: "Docker's socket and the folders of containers belong to root; all capabilities are dropped all the same",
    memoryMiB: 256,
  }).metricsOn("metrics", {
    names: [
      ...processMetrics,
      "container_cpu_usage_seconds_total",
      "container_memory_usage_bytes",
      "container_memory_working_set_bytes",
      "container_spec_memory_limit_bytes",
      "container_network_receive_bytes_total",
      "container_network_transmit_bytes_total",
    ],
  });
}

interface ExporterOptions extends Pick<ServiceSpec, "args" | "hostMounts"> {
  readonly port: number;
  /** Path that answers when the exporter works. @default / */
  readonly probe?: string;
  /** Why its user is root. */
  readonly because?: string;
  /** @default 64 */
  readonly memoryMiB?: number;
}

/** What all exporters have in common: one port, little memory, nothing to write. */
function exporter(system: SystemBuilder, name: string, imageName: ImageName, options: ExporterOptions): ServiceHandle {
  const { port, probe = "/", because, memoryMiB = 64, args, hostMounts } = options;
  const { image, security, signal } = fromTable(imageName);
  return system.service(name, {
    image,
    args,
    security: because === undefined ? security : { ...security, because },
    ports: { metrics: { number: port } },
    hostMounts,
    resources: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: memoryMiB / 2, limit: memoryMiB } },
    probes: { ready: { http: { port: "metrics", path: probe }, periodSeconds: 5 } },
    shutdown: { signal, graceSeconds: 10 },
  });
}
