import { setTimeout as sleep } from "node:timers/promises";
import { lastWords, logLines, mask } from "../last-words";
import type { Cluster, WorkloadKind } from "./cluster";
import type { Goal } from "./goal";
import { containerKey, isUp, type Situation, type Trouble, troubles } from "./judge";
import type { ClusterEvent, Pod, Workload } from "./live";

/** A workload that is to come up. */
export interface Subject {
  readonly cluster: Cluster;
  readonly kind: WorkloadKind;
  readonly namespace: string;
  /** Name of the service, and of its workload. */
  readonly name: string;
  readonly goal: Goal;
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
}

/** How long a container without a check must have run to count as up. */
const provenMilliseconds = 500;
/** Clocks of a cluster and of this machine may differ by this much. */
const skewMilliseconds = 5000;

/** Milliseconds until the next look: soon at first, when most is decided, and seldom in a long rollout. */
function pause(elapsed: number): number {
  return elapsed < 15_000 ? 200 : elapsed < 60_000 ? 500 : 1000;
}

/** Waits until the workload is up. Throws as soon as it is sure not to get there, with what a person needs to know. */
export async function settle(subject: Subject): Promise<void> {
  const { cluster, kind, namespace, name, goal } = subject;
  if (goal.until === "made") return;
  const begin = Date.now();
  const firstSeen = new Map<string, number>();
  const words = new Map<string, string>();
  let restartsBefore: ReadonlyMap<string, number> | undefined;
  for (;;) {
    const workload = await cluster.workload(kind, namespace, name);
    if (workload === undefined)
      throw new Error(
        `${kind} ${name} of the namespace ${namespace} was removed behind Pulumi's back; run pulumi refresh, and then this again`,
      );
    const elapsed = Date.now() - begin;
    if (isUp({ kind, workload }) && (await proven(subject, elapsed))) return;
    const pods = await newestPods(subject, workload);
    restartsBefore ??= new Map(
      pods.flatMap((pod) => pod.status.containerStatuses.map((each) => [containerKey(pod, each), each.restartCount])),
    );
    const seen = await cluster.events(namespace);
    const events = seen.filter(({ at }) => at >= begin - skewMilliseconds);
    if (kind === "Job") await listen(subject, pods, words);
    const situation: Situation = { kind, workload, pods, events, restartsBefore };
    const now = Date.now();
    const present = troubles(situation, goal);
    for (const key of [...firstSeen.keys()]) if (!present.some((each) => each.key === key)) firstSeen.delete(key);
    for (const trouble of present) {
      const since = firstSeen.get(trouble.key) ?? now;
      firstSeen.set(trouble.key, since);
      if (now - since >= trouble.patienceSeconds * 1000)
        throw new Error(await explain(subject, situation, trouble, words));
    }
    await sleep(pause(elapsed));
  }
}

/** Without a check a container is ready as soon as it runs: it must still be so a moment later, if it has only just begun. */
async function proven({ cluster, kind, namespace, name, goal }: Subject, elapsed: number): Promise<boolean> {
  if (goal.until !== "ready" || goal.checkSeconds !== undefined || elapsed < 100) return true;
  await sleep(provenMilliseconds);
  const workload = await cluster.workload(kind, namespace, name);
  return workload !== undefined && isUp({ kind, workload });
}

/** The pods of the revision that is being rolled out, which are still wanted. */
async function newestPods({ cluster, kind, namespace, name }: Subject, workload: Workload): Promise<readonly Pod[]> {
  const [label, value] = await revisionOf();
  const pods = await cluster.pods(namespace, name);
  return pods.filter(
    ({ metadata }) =>
      value !== undefined && metadata.labels[label] === value && metadata.deletionTimestamp === undefined,
  );

  async function revisionOf(): Promise<readonly [string, string | undefined]> {
    switch (kind) {
      case "Deployment": {
        const revision = workload.metadata.annotations[revisionAnnotation];
        const sets = await cluster.replicaSets(namespace, name);
        const current = sets.find(({ annotations }) => annotations[revisionAnnotation] === revision);
        return ["pod-template-hash", current?.labels["pod-template-hash"]];
      }
      case "StatefulSet":
        return ["controller-revision-hash", workload.status.updateRevision];
      case "Job":
        return ["batch.kubernetes.io/controller-uid", workload.metadata.uid];
    }
  }
}

const revisionAnnotation = "deployment.kubernetes.io/revision";

/** Keeps what a job prints: when it has failed for good, its pod is gone. */
async function listen(
  { cluster, namespace, name }: Subject,
  pods: readonly Pod[],
  words: Map<string, string>,
): Promise<void> {
  for (const { metadata, status } of pods) {
    const container = status.containerStatuses.find((each) => each.name === name);
    const ended = container?.state.terminated ?? container?.lastState.terminated;
    if (container === undefined || ended === undefined || ended.exitCode === 0) continue;
    const key = `${metadata.uid} ${container.restartCount} ${container.state.terminated === undefined}`;
    if (words.has(key)) continue;
    const previous = container.state.running !== undefined;
    words.set(key, await cluster.logs(namespace, metadata.name, name, previous, logLines));
    words.set("code", String(ended.exitCode));
    words.set("log", words.get(key) ?? "");
  }
}

async function explain(
  { cluster, namespace, name, goal, secrets }: Subject,
  { pods, events }: Situation,
  { because, pod, container }: Trouble,
  words: ReadonlyMap<string, string>,
): Promise<string> {
  const code = words.get("code");
  const status = pods
    .find(({ metadata }) => metadata.name === pod)
    ?.status.containerStatuses.find((each) => each.name === container);
  const log =
    pod === undefined || container === undefined
      ? words.get("log")
      : await cluster.logs(namespace, pod, container, hidesLog(status), logLines);
  const where = `${cluster.kubectl} -n ${namespace}`;
  const lines = [
    `${name} is not ${goal.until}: ${because}${pod === undefined && code !== undefined ? `: its code was ${code}` : ""}`,
    ...(log === undefined ? [] : lastWords(log)),
    ...warnings(events, [name, pod ?? name]),
    `  see ${where} describe ${pod === undefined ? `all -l app.kubernetes.io/name=${name}` : `pod ${pod}`}`,
  ];
  return mask(lines.join("\n"), secrets);
}

/** A container that was just restarted has not printed yet what the one before it did. */
function hidesLog(status: Pod["status"]["containerStatuses"][number] | undefined): boolean {
  return status?.state.running !== undefined && status.lastState.terminated !== undefined;
}

const mostWarnings = 4;
const longestWarning = 300;

/** What the cluster has complained of, each complaint once. */
function warnings(events: readonly ClusterEvent[], names: readonly string[]): readonly string[] {
  const lines = events
    .filter(({ warning, name }) => warning && names.includes(name))
    .map(({ reason, message }) => `    ${reason}: ${message.replaceAll(/\s+/g, " ").slice(0, longestWarning)}`);
  const last = [...new Set(lines)].slice(-mostWarnings);
  return last.length === 0 ? [] : ["  the cluster says:", ...last];
}
