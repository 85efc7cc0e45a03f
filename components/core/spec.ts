import { z } from "zod";
import { stopSignals } from "./kernel-names";
import { scheduleProblem } from "./schedule";
import {
  absolutePath,
  alertRule,
  commandLine,
  endpoint,
  env,
  file,
  image,
  int,
  kernel,
  label,
  metrics,
  port,
  probe,
  resources,
  security,
  word,
} from "./spec-parts";

/** The schema of one service; every field's default is the secure and neutral choice. */
export const serviceSchema = z.strictObject({
  kind: z.enum(["service", "stateful", "job", "cron"]).default("service"),
  /** Five cron fields, UTC; for the kind cron only. */
  schedule: z
    .string()
    .superRefine((given, context) => {
      const message = scheduleProblem(given);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .optional(),
  image,
  /** Replaces the image's entrypoint. @default - the image's own */
  command: commandLine.optional(),
  /** Replaces the image's arguments. @default - the image's own */
  args: z.array(z.string()).optional(),
  ports: z.record(label, port).default({}),
  /** Further names by which others reach it, as its own. */
  aliases: z.array(label).max(10).default([]),
  env: env.default({}),
  /** Files laid over the image's own, read-only. */
  files: z.array(file).default([]),
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
      z.strictObject({
        path: absolutePath,
        sizeMiB: int(1, 1_048_576).default(64),
        /** True demands that nothing in it can be executed, false allows it. @default - not where the target can prevent it */
        noexec: z.boolean().optional(),
      }),
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
  resources: resources.prefault({}),
  replicas: int(1, 50).default(1),
  /** Two of it at once would do harm. */
  singleton: z.boolean().default(false),
  autoscale: z
    .strictObject({
      min: int(1, 50),
      max: int(1, 1000),
      /** Share of its CPU request that a copy is to use. */
      cpuPercent: int(1, 100),
      /** Seconds for which fewer must have been enough before any is removed. */
      scaleDownSeconds: int(0, 3600).default(300),
    })
    .optional(),
  probes: z
    .strictObject({
      startup: probe.optional(),
      /** @default - live */
      ready: probe.optional(),
      /** Only about the service itself: who fails is restarted. @default - ready, as far as it does not ask others */
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
      signal: word(stopSignals).default("SIGTERM"),
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
  logging: z
    .strictObject({
      maxSizeMiB: int(1, 102_400).default(10),
      maxFiles: int(1, 100).default(3),
      /** Whether files that are set aside are compressed. @default - as the target does by itself */
      compress: z.boolean().optional(),
    })
    .prefault({}),
  kernel: kernel.prefault({}),
  metrics: metrics.optional(),
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
export type Image = Service["image"];
export type FileSpec = Service["files"][number];
export type MetricsSpec = z.input<typeof metrics>;
