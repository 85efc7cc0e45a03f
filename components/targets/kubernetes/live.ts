import { z } from "zod";

// What is read of the objects of a cluster, and nothing else of them.

const labels = z.record(z.string(), z.string()).default({});
const metadata = z.object({
  name: z.string(),
  uid: z.string(),
  labels,
  annotations: z.record(z.string(), z.string()).default({}),
  deletionTimestamp: z.string().optional(),
  generation: z.number().default(0),
});
const conditions = z
  .array(
    z.object({ type: z.string(), status: z.string(), reason: z.string().default(""), message: z.string().default("") }),
  )
  .default([]);

const terminated = z.object({
  exitCode: z.number(),
  reason: z.string().default(""),
  message: z.string().default(""),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
});
const state = z
  .object({
    waiting: z.object({ reason: z.string().default(""), message: z.string().default("") }).optional(),
    running: z.object({}).optional(),
    terminated: terminated.optional(),
  })
  .default({});
const containers = z
  .array(
    z.object({
      name: z.string(),
      image: z.string().default(""),
      ready: z.boolean(),
      restartCount: z.number(),
      state,
      lastState: state,
    }),
  )
  .default([]);

export const metadataOnly = z.object({ metadata });
export const metadataList = z.object({ items: z.array(metadataOnly).default([]) });

export const workloadObject = z.object({
  metadata,
  spec: z.object({ replicas: z.number().default(1), completions: z.number().default(1) }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      succeeded: z.number().default(0),
      updateRevision: z.string().default(""),
      conditions,
    })
    .prefault({}),
});

export const podList = z.object({
  items: z
    .array(
      z.object({
        metadata,
        status: z
          .object({
            phase: z.string().default("Pending"),
            conditions,
            initContainerStatuses: containers,
            containerStatuses: containers,
          })
          .prefault({}),
      }),
    )
    .default([]),
});

export const eventList = z.object({
  items: z
    .array(
      z.object({
        involvedObject: z.object({ kind: z.string().default(""), name: z.string().default("") }),
        type: z.string().optional(),
        reason: z.string().optional(),
        message: z.string().optional(),
        lastTimestamp: z.string().optional(),
        eventTime: z.string().optional(),
        metadata: z.object({ creationTimestamp: z.string().optional() }),
      }),
    )
    .default([]),
});

export type Metadata = z.output<typeof metadata>;
export type Workload = z.output<typeof workloadObject>;
export type Pod = z.output<typeof podList>["items"][number];
export type ContainerStatus = z.output<typeof containers>[number];
export type Terminated = z.output<typeof terminated>;

/** Something that happened to an object. */
export interface ClusterEvent {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
  readonly warning: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}
