import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { text } from "../core/value";
import { fromTable } from "./from-table";
import { type HostPort, hostPort } from "./host-port";
import { postgresStart } from "./postgres-start";
import { type PostgresTuning, tuned } from "./postgres-tuning";
import { secretFile } from "./secret-file";

export interface PostgresOptions extends HostPort {
  /** Data that one of them has made, the other does not read. @default 15 */
  readonly version?: 13 | 15;
  /** @default app */
  readonly database?: string;
  /** Owner of the database. @default app */
  readonly user?: string;
  /** SQL by file name, run in the order of names when the database is made; never again on the same volume. @default - none */
  readonly initScripts?: Readonly<Record<string, string>>;
  /** @default 1024 */
  readonly storageMiB?: number;
  /** @default 1024 */
  readonly memoryMiB?: number;
  /** Settings that fit the memory, with statistics of statements. @default - PostgreSQL's own */
  readonly tuning?: PostgresTuning;
}

/** On every C library, so a volume can move between images. */
const sortedAlike = ["--locale=C", "--encoding=UTF8"];
/** 13 alone would keep an MD5 of each password, unless it is to ask for more at its address. */
const keepsNoMd5 = ["--auth-host=scram-sha-256"];
const images = { 13: "postgres13", 15: "postgres15" } as const;
const dataFolder = "/var/lib/postgresql/data/pgdata";

/**
 * A PostgreSQL server with one database. Its endpoint offers the values `user`, `password` and `database`; the
 * password is generated, and set anew at each start.
 */
export function postgres(system: SystemBuilder, name: string, options: PostgresOptions = {}): ServiceHandle {
  const {
    version = 15,
    database = "app",
    user = "app",
    initScripts = {},
    storageMiB = 1024,
    memoryMiB = 1024,
  } = options;
  const tuning = options.tuning === undefined ? undefined : tuned(options.tuning, { memoryMiB, dataFolder });
  const { image, security, signal } = fromTable(images[version]);
  const password = system.secret(`${name}-password`);
  return system.service(name, {
    kind: "stateful",
    image,
    command: [...postgresStart.command, ...(tuning?.args ?? [])],
    security,
    ports: { postgres: { number: 5432, ...hostPort(options) } },
    env: {
      // Below the volume's root, which on many file systems holds lost+found and belongs to root.
      PGDATA: dataFolder,
      POSTGRES_USER: user,
      POSTGRES_DB: database,
      POSTGRES_PASSWORD_FILE: secretFile(system, name, "postgres-password", password),
      POSTGRES_INITDB_ARGS: [...sortedAlike, ...(version === 13 ? keepsNoMd5 : [])].join(" "),
    },
    files: [
      { path: postgresStart.path, content: postgresStart.content },
      ...(tuning === undefined ? [] : [tuning.file]),
      ...Object.entries(initScripts).map(([file, content]) => ({
        path: `/docker-entrypoint-initdb.d/${file}`,
        content,
      })),
    ],
    volumes: { data: { path: "/var/lib/postgresql/data", sizeMiB: storageMiB } },
    scratch: { run: { path: "/var/run/postgresql", sizeMiB: 16 }, tmp: { path: "/tmp", sizeMiB: 64 } },
    resources: {
      cpuMillis: { request: 250, limit: 2000 },
      memoryMiB: { request: Math.min(256, memoryMiB), limit: memoryMiB },
    },
    probes: {
      // By TCP: while the scripts run, the server listens on its socket only and is not ready yet.
      ready: {
        exec: ["pg_isready", "-h", "127.0.0.1", "-U", user, "-d", database],
        periodSeconds: 10,
        timeoutSeconds: 5,
        failures: 5,
      },
    },
    shutdown: { signal, graceSeconds: 60 },
    update: { order: "stopFirst" },
    // Parallel queries share memory through files in /dev/shm.
    kernel: { shmMiB: Math.max(64, Math.round(memoryMiB / 4)) },
    provides: {
      postgres: {
        port: "postgres",
        scheme: "postgres",
        userinfo: text`${user}:${password}`,
        path: `/${database}`,
        values: { user, password, database },
      },
    },
  });
}
