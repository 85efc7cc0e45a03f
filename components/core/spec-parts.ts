import { z } from "zod";
import { suggest } from "./errors";
import { confidential } from "./issues";
import { capabilities, ulimits } from "./kernel-names";
import { SecretRef, Text, type Value } from "./value";

export const int = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

/** A DNS label short enough to leave room for a prefix and a replica number in a name of 63 characters. */
export const label = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, "use 1 to 40 of a-z, 0-9 and -, beginning with a letter");

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "use letters, digits and _, not beginning with a digit");

/** One of a closed set of words that stays a plain string for those who pass it on. */
export const word = (allowed: readonly string[]) =>
  z.string().refine((given) => allowed.includes(given), { error: ({ input }) => suggest(String(input), allowed) });

const capability = z.string().refine((given) => capabilities.includes(given), {
  error: ({ input }) => suggest(String(input).replace(/^CAP_/, ""), capabilities),
});

export const absolutePath = z
  .string()
  .regex(
    /^(\/(?!\.{1,2}(\/|$))[^/:\p{Cc}]+)+$/u,
    "use an absolute path without a colon, without . or .. and without a slash at its end",
  );

/** A program and its arguments, which may be empty. */
export const commandLine = z
  .array(z.string())
  .min(1)
  .refine(([program]) => program !== "", "begin with the name of a program");

const urlPath = z.string().regex(/^\/\S*$/, "begin with a slash, without spaces");

const value = z.custom<Value>(
  (given) => typeof given === "string" || given instanceof SecretRef || given instanceof Text,
  { error: "use a string, a secret's reference, or text`…`", params: confidential },
);

/** Variables, by name. */
export const env = z.record(envName, value);

const host = String.raw`(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\])(?::\d+)?`;
const folder = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;
const reference = new RegExp(
  String.raw`^(?:${host}/)?${folder}(?:/${folder})*(?::(?<tag>\w[\w.-]{0,127}))?(?<digest>@sha256:[0-9a-f]{64})?$`,
);

const imageReference = z.string().superRefine((given, context) => {
  const remedy = imageRemedy(reference.exec(given)?.groups);
  if (remedy !== undefined) context.addIssue({ code: "custom", message: remedy });
});

function imageRemedy(parts: Readonly<Record<string, string | undefined>> | undefined): string | undefined {
  if (parts === undefined) return "use repository:tag or repository@sha256:…, the repository in lower case";
  const { tag, digest } = parts;
  if (digest !== undefined) return undefined;
  if (tag === undefined) return "add a tag or a digest";
  return tag === "latest" ? "latest means another image tomorrow: name a version" : undefined;
}

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

export const image = z.union([imageReference, imageBuild]);

export const port = z.strictObject({
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
  /** Seconds between two checks; they never overlap, so a check may take longer. */
  periodSeconds: int(1, 3600).default(10),
  /** Seconds after which a check that has not answered has failed. */
  timeoutSeconds: int(1, 600).default(3),
  /** Failures in a row that turn the verdict. */
  failures: int(1, 100).default(3),
};

export const probe = z.union([
  z.strictObject({ http: z.strictObject({ port: z.string(), path: urlPath }), ...timing }),
  z.strictObject({ tcp: z.strictObject({ port: z.string() }), ...timing }),
  z.strictObject({ exec: commandLine, ...timing }),
]);

/** How others reach one thing that a service offers, and what they need to know for it. */
export const endpoint = z.strictObject({
  /** Name of one of the service's ports. */
  port: z.string(),
  /** Scheme of the URL. @default - the name of the port */
  scheme: z
    .string()
    .regex(/^[a-z][a-z0-9+.-]*$/, "use a-z, 0-9, +, . and -, beginning with a letter")
    .optional(),
  /** What a consumer may need besides host, port and URL: user, database, password. */
  values: z.record(z.string(), value).default({}),
  /** Text between host and port and the end of the URL, such as `/orders`. */
  path: z
    .string()
    .regex(/^([/?]\S*)?$/, "begin with / or ?, without spaces")
    .default(""),
  /** Text between scheme and host, such as user and password. */
  userinfo: value.optional(),
});

export const alertRule = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, "use letters and digits, beginning with a letter"),
  /** PromQL that is true while the alert is on. */
  expr: z.string().min(1),
  /** Seconds that it must hold before the alert fires. */
  forSeconds: int(0, 86_400),
  /** Seconds for which it goes on firing after it no longer holds, so that it does not come and go. @default - none */
  keepFiringSeconds: int(1, 86_400).optional(),
  /** critical wakes somebody, warning is for the next working day, info is for reading, none is told to machines alone. */
  severity: z.enum(["critical", "warning", "info", "none"]),
  summary: z.string().min(1),
  description: z.string().optional(),
  /** Link to what a person does about it: a URL, or a path in the repository. */
  runbook: z.string().optional(),
  /** Uid of the dashboard that shows more. */
  dashboard: z.string().min(1).optional(),
  /** Labels beside those of its expression and its severity. */
  labels: z.record(z.string().regex(/^[a-z_][a-z0-9_]*$/, "use small letters, digits and _"), z.string()).optional(),
});

export const metrics = z
  .strictObject({
    /** Name of one of the service's ports. */
    port: z.string(),
    path: urlPath.default("/metrics"),
    intervalSeconds: int(1, 3600).default(15),
    /** @default - 10, or the interval when that is shorter */
    timeoutSeconds: int(1, 3600).optional(),
    /** What the service exports, so that rules and dashboards can be checked against it. */
    names: z
      .array(z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "use letters, digits, _ and :, not beginning with a digit"))
      .default([]),
  })
  .transform((given) => ({ ...given, timeoutSeconds: given.timeoutSeconds ?? Math.min(10, given.intervalSeconds) }));

export const security = z.strictObject({
  /** Numeric user. @default 10001 */
  user: int(0, 2_147_483_647).default(10001),
  /** Numeric group. @default 10001 */
  group: int(0, 2_147_483_647).default(10001),
  supplementalGroups: z.array(int(0, 2_147_483_647)).default([]),
  readOnlyRoot: z.boolean().default(true),
  /** Capabilities kept although all others are dropped, without the prefix CAP_. */
  addCapabilities: z.array(capability).default([]),
  noNewPrivileges: z.boolean().default(true),
  /** Name of an AppArmor profile. @default runtime/default */
  appArmor: z.string().min(1).default("runtime/default"),
  /** Why one of the above is looser than its default; required then. */
  because: z.string().min(1).optional(),
});

/** A file laid over the image's own, read-only. */
export const file = z.strictObject({
  path: absolutePath,
  content: value,
  /** @default 0o444 */
  mode: int(0, 0o777).default(0o444),
  /** @default - the service's user */
  uid: int(0, 2_147_483_647).optional(),
  /** @default - the service's group */
  gid: int(0, 2_147_483_647).optional(),
});

export const resources = z.strictObject({
  /** Thousandths of a core. */
  cpuMillis: z
    .strictObject({
      /** @default - 100, or the limit when that is lower */
      request: int(1, 1_024_000).optional(),
      limit: int(10, 1_024_000).optional(),
    })
    .transform(({ request, ...rest }) => ({ ...rest, request: request ?? Math.min(100, rest.limit ?? 100) }))
    .prefault({}),
  memoryMiB: z
    .strictObject({
      /** @default - 128, or the limit when that is lower */
      request: int(6, 16_777_216).optional(),
      limit: int(6, 16_777_216).default(256),
    })
    .transform(({ request, limit }) => ({ request: request ?? Math.min(128, limit), limit }))
    .prefault({}),
  /** Processes and threads. */
  pids: int(1, 4_194_304).default(256),
});

export const kernel = z.strictObject({
  sysctls: z
    .record(
      z.string().regex(/^[a-z0-9_]+(\.[a-zA-Z0-9_-]+)+$/, "use a sysctl's name, such as net.core.somaxconn"),
      z.string(),
    )
    .default({}),
  ulimits: z
    .record(word(ulimits), z.strictObject({ soft: int(-1, 2_147_483_647), hard: int(-1, 2_147_483_647) }))
    .default({}),
  /** Size of /dev/shm. @default - the engine's, 64 MiB */
  shmMiB: int(1, 1_048_576).optional(),
});
