import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError, UnreachableError } from "./client";
import type { Cluster, WorkloadKind } from "./cluster";
import { explain, type Heard, logOf } from "./explain";
import type { Goal } from "./goal";
import { containerKey, isUp, type Situation, type Trouble, troubles } from "./judge";
import type { Pod, Workload } from "./live";

/** A workload that is to come up. */
export interface Subject {
  readonly cluster: Cluster;
  readonly kind: WorkloadKind;
  readonly namespace: string;
  /** Name of the service, and of its workload. */
  readonly name: string;
  readonly goal: Goal;
  /** When this run had it in the cluster, in milliseconds since 1970: what happened before is not its doing. */
  readonly madeAt: number;
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
  /** Takes a line about how far it is, whenever that has changed. */
  readonly tell: (progress: string) => void;
}

/** How long a container without a check must have run to count as up. */
const provenMilliseconds = 500;
/** Clocks of a cluster and of this machine may differ by this much. */
const skewMilliseconds = 5000;

/** Milliseconds until the next look: soon at first, when most is decided, and seldom in a long rollout. */
function pause(elapsed: number): number {
  return elapsed < 15_000 ? 200 : elapsed < 60_000 ? 500 : 1000;
}

/** Milliseconds until pods and events are looked at again: many services look at once. */
const closerMilliseconds = 800;

/** Waits until the workload is up. Throws as soon as it is sure not to get there, with what a person needs to know. */
export async function settle(subject: Subject): Promise<void> {
  if (subject.goal.until === "made") return;
  const begin = Date.now();
  const look = looking(subject, begin);
  let answered = begin;
  for (;;) {
    try {
      if (await look()) return;
      answered = Date.now();
    } catch (error) {
      if (!isPassing(error) || Date.now() - answered > outageMilliseconds) throw error;
    }
    await sleep(pause(Date.now() - begin));
  }
}

/** How long a cluster that has answered before may fail to. */
const outageMilliseconds = 30_000;

/** Whether the next try may go better: the cluster was not reached, or has too much to do. */
function isPassing(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ClusterError && error.status >= 429);
}

/** Looks at a workload, again and again, and says whether it is up. */
function looking(subject: Subject, begin: number): () => Promise<boolean> {
  const { cluster, kind, namespace, goal, madeAt } = subject;
  const overdue = patience();
  const hear = listener(subject);
  const tell = telling(subject);
  let restartsBefore: ReadonlyMap<string, number> | undefined;
  let closerAt = 0;
  return async () => {
    const workload = await found(subject);
    const elapsed = Date.now() - begin;
    if (isUp(kind, workload) && (await proven(subject, elapsed))) return true;
    tell(workload, elapsed);
    if (elapsed < closerAt) return false;
    closerAt = elapsed + closerMilliseconds;
    const { pods, leaving } = await podsOf(subject, workload);
    restartsBefore ??= restartsOf(pods);
    const heard = await hear(pods);
    const events = (await cluster.events(namespace)).filter(({ at }) => at >= madeAt - skewMilliseconds);
    const situation = { kind, workload, pods, leaving, events, restartsBefore };
    const trouble = overdue(troubles(situation, goal), Date.now());
    if (trouble !== undefined) throw new Error(await explain(subject, situation, trouble, heard));
    return false;
  };
}

/** How long a rollout goes on without a word. */
const silentMilliseconds = 3000;

/** Tells how many replicas are new and ready, once for each step. */
function telling({ kind, tell }: Subject): (workload: Workload, elapsed: number) => void {
  let told = "";
  return ({ spec, status }, elapsed) => {
    const { updatedReplicas, readyReplicas, succeeded } = status;
    const progress =
      kind === "Job"
        ? `waiting: ${succeeded} of ${spec.completions} completed`
        : `waiting: ${updatedReplicas} of ${spec.replicas} pods are new, ${readyReplicas} ready`;
    if (elapsed < silentMilliseconds || progress === told) return;
    told = progress;
    tell(progress);
  };
}

async function found({ cluster, kind, namespace, name }: Subject): Promise<Workload> {
  const workload = await cluster.workload(kind, namespace, name);
  if (workload !== undefined) return workload;
  throw new Error(
    `${kind} ${name} of the namespace ${namespace} was removed behind Pulumi's back; run pulumi refresh, and then this again`,
  );
}

/** Without a check a container is ready as soon as it runs: it must still be so a moment later, unless it was so before. */
async function proven(subject: Subject, elapsed: number): Promise<boolean> {
  const { kind, goal } = subject;
  if (goal.until !== "ready" || goal.checkSeconds !== undefined || elapsed < pause(0)) return true;
  await sleep(provenMilliseconds);
  return isUp(kind, await found(subject));
}

/** Remembers since when each trouble has lasted, and finds the first that has lasted longer than it may. */
function patience(): (present: readonly Trouble[], now: number) => Trouble | undefined {
  let since = new Map<string, number>();
  return (present, now) => {
    since = new Map(present.map(({ key }) => [key, since.get(key) ?? now]));
    return present.find(({ key, patienceSeconds }) => now - (since.get(key) ?? now) >= patienceSeconds * 1000);
  };
}

const revisionAnnotation = "deployment.kubernetes.io/revision";

/** The pods of the revision that is being rolled out, as far as they are still wanted, and whether others are about to end. */
async function podsOf(subject: Subject, workload: Workload): Promise<Pick<Situation, "pods" | "leaving">> {
  const [label, value] = await newestRevision(subject, workload);
  const all = await subject.cluster.pods(subject.namespace, subject.name);
  const wanted = all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return {
    pods: value === undefined ? [] : wanted.filter(({ metadata }) => metadata.labels[label] === value),
    leaving: wanted.length < all.length,
  };
}

/** The label of those pods, and its value. */
async function newestRevision(
  { cluster, kind, namespace, name }: Subject,
  { metadata, status }: Workload,
): Promise<readonly [string, string | undefined]> {
  switch (kind) {
    case "Deployment": {
      const sets = await cluster.replicaSets(namespace, name);
      const revision = metadata.annotations[revisionAnnotation];
      const newest = sets.find(({ annotations }) => annotations[revisionAnnotation] === revision);
      return ["pod-template-hash", newest?.labels["pod-template-hash"]];
    }
    case "StatefulSet":
      return ["controller-revision-hash", status.updateRevision];
    case "Job":
      return ["batch.kubernetes.io/controller-uid", metadata.uid];
  }
}

function restartsOf(pods: readonly Pod[]): ReadonlyMap<string, number> {
  return new Map(
    pods.flatMap((pod) => pod.status.containerStatuses.map((each) => [containerKey(pod, each), each.restartCount])),
  );
}

/** Keeps the last words of a job's attempts: when it has failed for good, its pod is gone. */
function listener(subject: Subject): (pods: readonly Pod[]) => Promise<Heard | undefined> {
  const { kind, name } = subject;
  let heard: Heard | undefined;
  let last = "";
  return async (pods) => {
    for (const { metadata, status } of kind === "Job" ? pods : []) {
      const container = status.containerStatuses.find((each) => each.name === name);
      const ended = container?.state.terminated ?? container?.lastState.terminated;
      if (container === undefined || ended === undefined || ended.exitCode === 0) continue;
      const attempt = `${metadata.uid} ${ended.startedAt ?? ""} ${container.restartCount}`;
      if (attempt === last) continue;
      last = attempt;
      heard = { code: ended.exitCode, log: await logOf(subject, metadata.name, container) };
    }
    return heard;
  };
}
