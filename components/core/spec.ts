import { z } from "zod";
import { SecretRef, Text, type Value } from "./value";

const int = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

/** A DNS label short enough to leave room for a prefix and a replica number in a name of 63 characters. */
export const label = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, "use 1 to 40 of a-z, 0-9 and -, beginning with a letter");

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "use letters, digits and _, not beginning with a digit");

const absolutePath = z
  .string()
  .regex(/^\/[^\0:]*[^/\0:]$/, "use an absolute path without a colon and without a slash at its end");

const value = z.custom<Value>(
  (given) => typeof given === "string" || given instanceof SecretRef || given instanceof Text,
  "use a string, a secret's reference, or text`…`",
);

const imageReference = z
  .string()
  .regex(
    /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "use repository:tag or repository@sha256:…",
  )
  .refine((reference) => /:[\w][\w.-]*$|@sha256:/.test(reference.replace(/^[^/]*:\d+\//, "")), "add a tag or a digest")
  .refine((reference) => !/:latest$/.test(reference), "latest means another image tomorrow: name a version");

/** An image that is built from a folder, whatever the image source. */
const imageBuild = z.strictObject({
  build: z.strictObject({
    /** Folder with the sources, relative to the program's folder. */
    context: z.string().min(1),
    /** Relative to the context. @default Dockerfile */
    dockerfile: z.string().min(1).default("Dockerfile"),
    /** Stage to build. @default - the last one */
    target: z.string().min(1).optional(),
    /** Build arguments that name base images, as upstream references; the image source decides what they become. */
    baseImages: z.record(envName, imageReference).default({}),
  }),
});

const port = z.strictObject({
  /** Where the process listens, in its container. */
  number: int(1, 65535),
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  /**
   * Who may reach it besides the connections declared to it: `internal` nobody, `loopback` the machine itself,
   * `public` other machines. @default internal
   */
  exposure: z.enum(["internal", "loopback", "public"]).default("internal"),
  /** Port on the host, to which the stack's base is added, when the exposure is not internal. @default - number */
  hostNumber: int(1, 65535).optional(),
});

const timing = {
  /** Seconds between two checks. */
  periodSeconds: int(1, 3600).default(10),
  /** Seconds after which a check that has not answered has failed. */
  timeoutSeconds: int(1, 600).default(3),
  /** Failures in a row that turn the verdict. */
  failures: int(1, 100).default(3),
};

const probe = z.union([
  z.strictObject({ http: z.strictObject({ port: z.string(), path: z.string().regex(/^\//) }), ...timing }),
  z.strictObject({ tcp: z.strictObject({ port: z.string() }), ...timing }),
  z.strictObject({ exec: z.array(z.string()).min(1), ...timing }),
]);

/** How others reach one thing that a service offers, and what they need to know for it. */
const endpoint = z.strictObject({
  /** Name of one of the service's ports. */
  port: z.string(),
  /** Scheme of the URL. @default - the name of the port */
  scheme: z.string().optional(),
  /** What a consumer may need besides host, port and URL: user, database, password. */
  values: z.record(z.string(), value).default({}),
  /** Text between host and port and the end of the URL, such as `/orders`. */
  path: z.string().default(""),
  /** Text between scheme and host, such as user and password. */
  userinfo: value.optional(),
});

const alertRule = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, "use letters and digits, beginning with a letter"),
  /** PromQL that is true while the alert is on. */
  expr: z.string().min(1),
  /** Seconds that it must hold before the alert fires. */
  forSeconds: int(0, 86_400),
  severity: z.enum(["critical", "warning", "info"]),
  summary: z.string().min(1),
  description: z.string().optional(),
  /** Link to what a person does about it. */
  runbook: z.string().optional(),
});

export const metricsSchema = z.strictObject({
  /** Name of one of the service's ports. */
  port: z.string(),
  path: z.string().regex(/^\//).default("/metrics"),
  intervalSeconds: int(1, 3600).default(15),
  timeoutSeconds: int(1, 3600).default(10),
  /** What the service exports, so that rules and dashboards can be checked against it. */
  names: z.array(z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/)).default([]),
});

const security = z.strictObject({
  /** Numeric user. @default 10001 */
  user: int(0, 2_147_483_647).default(10001),
  /** Numeric group. @default 10001 */
  group: int(0, 2_147_483_647).default(10001),
  supplementalGroups: z.array(int(0, 2_147_483_647)).default([]),
  readOnlyRoot: z.boolean().default(true),
  /** Capabilities kept although all others are dropped, without the prefix CAP_. */
  addCapabilities: z.array(z.string().regex(/^[A-Z][A-Z_]*$/)).default([]),
  noNewPrivileges: z.boolean().default(true),
  /** Name of an AppArmor profile. @default runtime/default */
  appArmor: z.string().default("runtime/default"),
  /** Why one of the above is looser than its default; required then. */
  because: z.string().min(1).optional(),
});

/** The schema of one service; every field's default is the secure and neutral choice. */
export const serviceSchema = z.strictObject({
  kind: z.enum(["service", "stateful", "job", "cron"]).default("service"),
  /** Five cron fields, UTC; for the kind cron only. */
  schedule: z.string().optional(),
  image: z.union([imageReference, imageBuild]),
  /** Replaces the image's entrypoint. @default - the image's own */
  command: z.array(z.string().min(1)).min(1).optional(),
  /** Replaces the image's arguments. @default - the image's own */
  args: z.array(z.string().min(1)).optional(),
  ports: z.record(label, port).default({}),
  env: z.record(envName, value).default({}),
  /** Files laid over the image's own, read-only. */
  files: z
    .array(
      z.strictObject({
        path: absolutePath,
        content: value,
        /** @default 0o444 */
        mode: int(0, 0o777).default(0o444),
        /** @default - the service's user */
        uid: int(0, 2_147_483_647).optional(),
        /** @default - the service's group */
        gid: int(0, 2_147_483_647).optional(),
      }),
    )
    .default([]),
  /** What outlives the container. */
  volumes: z
    .record(
      label,
      z.strictObject({
        path: absolutePath,
        sizeMiB: int(1, 67_108_864).default(1024),
        keep: z.boolean().default(false),
      }),
    )
    .default({}),
  /** Memory-backed folders that a read-only root leaves to write to. */
  scratch: z
    .record(
      label,
      z.strictObject({ path: absolutePath, sizeMiB: int(1, 1_048_576).default(64), noexec: z.boolean().default(true) }),
    )
    .default({}),
  /** Folders of the machine: for host agents and for sources during development. */
  hostMounts: z
    .array(
      z.strictObject({
        source: absolutePath.or(z.literal("/")),
        path: absolutePath,
        readOnly: z.boolean().default(true),
        because: z.string().min(1),
      }),
    )
    .default([]),
  resources: z
    .strictObject({
      /** Thousandths of a core. */
      cpuMillis: z
        .strictObject({ request: int(1, 1_024_000).default(100), limit: int(10, 1_024_000).optional() })
        .prefault({}),
      memoryMiB: z
        .strictObject({ request: int(6, 16_777_216).default(128), limit: int(6, 16_777_216).default(256) })
        .prefault({}),
      /** Processes and threads. */
      pids: int(1, 4_194_304).default(256),
    })
    .prefault({}),
  replicas: int(1, 50).default(1),
  /** Two of it at once would do harm. */
  singleton: z.boolean().default(false),
  autoscale: z.strictObject({ min: int(1, 50), max: int(1, 1000), cpuPercent: int(1, 100) }).optional(),
  probes: z
    .strictObject({
      startup: probe.optional(),
      /** @default - live */
      ready: probe.optional(),
      /** @default - ready */
      live: probe.optional(),
      /** Seconds in which a service may start before failures count. */
      startupSeconds: int(0, 3600).default(60),
    })
    .prefault({}),
  security: security.prefault({}),
  shutdown: z
    .strictObject({
      /** Seconds that the process may finish its work after the signal, then it is killed. */
      graceSeconds: int(1, 3600).default(30),
      signal: z
        .string()
        .regex(/^SIG[A-Z0-9]+$/)
        .default("SIGTERM"),
    })
    .prefault({}),
  /** @default always; for jobs onFailure */
  restart: z
    .strictObject({ policy: z.enum(["always", "onFailure", "never"]), maxAttempts: int(1, 1000).optional() })
    .optional(),
  update: z
    .strictObject({
      order: z.enum(["startFirst", "stopFirst"]).default("startFirst"),
      parallelism: int(1, 50).default(1),
      pauseSeconds: int(0, 3600).default(10),
      onFailure: z.enum(["rollback", "pause"]).default("rollback"),
    })
    .prefault({}),
  logging: z.strictObject({ maxSizeMiB: int(1, 102_400).default(10), maxFiles: int(1, 100).default(3) }).prefault({}),
  kernel: z
    .strictObject({
      sysctls: z.record(z.string(), z.string()).default({}),
      ulimits: z
        .record(z.string(), z.strictObject({ soft: int(-1, 2_147_483_647), hard: int(-1, 2_147_483_647) }))
        .default({}),
      /** Size of /dev/shm. @default - the engine's, 64 MiB */
      shmMiB: int(1, 1_048_576).optional(),
    })
    .prefault({}),
  metrics: metricsSchema.optional(),
  alerts: z.array(alertRule).default([]),
  provides: z.record(label, endpoint).default({}),
});

/** What a caller writes. */
export type ServiceSpec = z.input<typeof serviceSchema>;
/** What the planner works on: every default filled in. */
export type Service = z.output<typeof serviceSchema>;
export type Probe = z.output<typeof probe>;
export type Port = z.output<typeof port>;
export type EndpointSpec = z.output<typeof endpoint>;
export type AlertRule = z.output<typeof alertRule>;
export type ImageBuild = z.output<typeof imageBuild>;
export type Image = Service["image"];
export type FileSpec = Service["files"][number];
export type MetricsSpec = z.input<typeof metricsSchema>;
