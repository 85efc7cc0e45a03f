import type { FileSpec } from "../core/spec";

export interface PostgresTuning {
  /** Connections at most; three of them are for administrators alone. */
  readonly maxConnections: number;
}

const path = "/etc/postgresql/postgresql.conf";
/** The machine that the figures are made for, in MiB; on a smaller one they shrink alike. */
const classMiB = 16_384;
/** A segment of the log holds 16 MiB, and PostgreSQL keeps no fewer than two. */
const leastWalMiB = 32;

/** A server's settings by the memory that it has, as a file, with the arguments that have it read. */
export function tuned(
  { maxConnections }: PostgresTuning,
  { memoryMiB, dataFolder }: { readonly memoryMiB: number; readonly dataFolder: string },
): { readonly args: readonly string[]; readonly file: Pick<FileSpec, "path" | "content"> } {
  const scaled = (whole: number, least: number): string =>
    `${Math.max(least, Math.round((whole * memoryMiB) / classMiB))}MB`;
  const settings = {
    shared_buffers: scaled(4_096, 16),
    effective_cache_size: scaled(12_288, 32),
    work_mem: scaled(256, 4),
    maintenance_work_mem: scaled(1_024, 16),
    wal_buffers: scaled(64, 1),
    checkpoint_timeout: "15min",
    checkpoint_completion_target: "0.9",
    max_wal_size: scaled(4_096, 2 * leastWalMiB),
    min_wal_size: scaled(1_024, leastWalMiB),
    shared_preload_libraries: "'pg_stat_statements'",
    random_page_cost: "1.1",
    effective_io_concurrency: "200",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  return {
    // Who adds up connections reads arguments, not files.
    args: ["-c", `config_file=${path}`, "-c", `max_connections=${maxConnections}`],
    file: {
      path,
      content: `# What the database was made with holds unless it is said otherwise here.\ninclude '${dataFolder}/postgresql.conf'\n${lines.join("")}`,
    },
  };
}
