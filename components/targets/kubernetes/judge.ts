import { endingText } from "../last-words";
import type { WorkloadKind } from "./cluster";
import type { Goal } from "./goal";
import type { ClusterEvent, ContainerStatus, Pod, Terminated, Workload } from "./live";

/** A workload at one moment, with the pods of its newest revision alone: older ones serve on, whatever becomes of the new. */
export interface Situation {
  readonly kind: WorkloadKind;
  readonly workload: Workload;
  readonly pods: readonly Pod[];
  /** Whether pods of the service are about to end: the room that they take comes free. */
  readonly leaving: boolean;
  /** What has happened to the workload and its pods in this run. */
  readonly events: readonly ClusterEvent[];
  /** How often a container had been restarted before this run, by pod and container. */
  readonly restartsBefore: ReadonlyMap<string, number>;
}

/** Something that keeps a workload from its goal. It is a failure when it lasts longer than it may. */
export interface Trouble {
  /** Tells it from others, from one look to the next. */
  readonly key: string;
  readonly patienceSeconds: number;
  readonly because: string;
  /** The pod to look at, and its container when it has printed something. */
  readonly pod?: string;
  readonly container?: string;
}

/**
 * Seconds that a cluster is given to mend by itself what it often does. Pods that were refused in the run before are tried
 * again after a pause that has grown by then.
 */
const patience = { image: 15, config: 5, creation: 15, unschedulable: 20 } as const;

/** Whether a workload is where it is to be. */
export function isUp(kind: WorkloadKind, { metadata, spec, status }: Workload): boolean {
  if (kind === "Job")
    return status.conditions.some(({ type, status: holds }) => type === "Complete" && holds === "True");
  return (
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas &&
    status.readyReplicas >= spec.replicas
  );
}

/** Everything that is in the way, the surest first. */
export function troubles(situation: Situation, goal: Goal): readonly Trouble[] {
  const found = [
    ...situation.pods.flatMap((pod) => podTroubles(pod, situation, goal)),
    ...jobTroubles(situation),
    ...creationTroubles(situation),
    progress(situation, goal),
  ];
  return found.sort((a, b) => a.patienceSeconds - b.patienceSeconds);
}

function jobTroubles({ kind, workload: { status } }: Situation): readonly Trouble[] {
  const failed = status.conditions.find(({ type, status: holds }) => type === "Failed" && holds === "True");
  if (kind !== "Job" || failed === undefined) return [];
  return [{ key: "failed", patienceSeconds: 0, because: failed.message }];
}

/** Pods that the cluster refuses to make: over a quota, against a policy. */
function creationTroubles({ kind, workload: { metadata, status }, events, leaving }: Situation): readonly Trouble[] {
  if (leaving) return [];
  const condition = status.conditions.find(({ type, status: holds }) => type === "ReplicaFailure" && holds === "True");
  const event = events.findLast((each) => each.reason === "FailedCreate" && each.name === metadata.name);
  const message = kind === "Deployment" ? condition?.message : event?.message;
  if (message === undefined) return [];
  const because = `the cluster refuses to make its pods: ${message}${remedyFor(message)}`;
  return [{ key: "creation", patienceSeconds: patience.creation, because }];
}

function remedyFor(message: string): string {
  if (message.includes("exceeded quota") || message.includes("failed quota"))
    return "; raise the quota, or ask for less resources or fewer replicas";
  return message.includes("violates PodSecurity") ? "; label its namespace with a level that admits them" : "";
}

/**
 * That nothing has changed for too long. A Deployment has a verdict of its own on that, which counts the time in which its
 * pods wait for others that are not up yet.
 */
function progress({ workload: { metadata, status }, pods }: Situation, goal: Goal): Trouble {
  const { observedGeneration, updatedReplicas, readyReplicas, replicas, succeeded } = status;
  const phases = pods.map(({ metadata: { uid }, status: { phase } }) => `${uid} ${phase}`).sort();
  return {
    key: JSON.stringify([
      metadata.uid,
      observedGeneration,
      updatedReplicas,
      readyReplicas,
      replicas,
      succeeded,
      phases,
    ]),
    patienceSeconds: goal.withinSeconds,
    because: `nothing has changed for ${goal.withinSeconds} s`,
    ...(pods[0] === undefined ? {} : { pod: pods[0].metadata.name }),
  };
}

function podTroubles(pod: Pod, situation: Situation, goal: Goal): readonly Trouble[] {
  const { name, uid } = pod.metadata;
  const { initContainerStatuses, containerStatuses, conditions } = pod.status;
  const place = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  const grows = situation.events.some((event) => event.name === name && event.reason === "TriggeredScaleUp");
  return [
    ...[...initContainerStatuses, ...containerStatuses].flatMap((status) => imageTroubles(pod, status)),
    ...initContainerStatuses.flatMap((status) => endingTroubles(pod, status, situation, goal)),
    ...containerStatuses.flatMap((status) => endingTroubles(pod, status, situation, goal)),
    ...containerStatuses.flatMap((status) => checkTroubles(pod, status, goal)),
    ...(place?.reason === "Unschedulable" && !grows && !situation.leaving
      ? [
          {
            key: `unschedulable ${uid}`,
            patienceSeconds: patience.unschedulable,
            because: `no node can take its pod: ${place.message}; ask for less, or add a node`,
            pod: name,
          },
        ]
      : []),
  ];
}

/** What a registry says when asking again is of no use. */
const finalAnswer = /not found|no such host|unknown|denied|unauthorized|forbidden|invalid|no match for platform/i;

function imageTroubles({ metadata }: Pod, { name, image, state }: ContainerStatus): readonly Trouble[] {
  const { reason = "", message = "" } = state.waiting ?? {};
  const trouble = (patienceSeconds: number, because: string): readonly Trouble[] => [
    {
      key: `${reason.replace("ErrImagePull", "ImagePullBackOff")} ${metadata.uid} ${name}`,
      patienceSeconds,
      because,
      pod: metadata.name,
    },
  ];
  switch (reason) {
    case "InvalidImageName":
    case "ErrImageNeverPull":
      return trouble(0, `its image ${image} cannot be had: ${message}`);
    case "ErrImagePull":
    case "ImagePullBackOff":
      return trouble(finalAnswer.test(message) ? 0 : patience.image, `its image ${image} cannot be had: ${message}`);
    case "CreateContainerConfigError":
    case "CreateContainerError":
      return trouble(patience.config, `its container cannot be made: ${message}`);
    default:
      return [];
  }
}

/** The name under which the restarts of a container are counted. */
export const containerKey = (pod: Pod, { name }: ContainerStatus): string => `${pod.metadata.uid} ${name}`;

/** A container that ends again after it was restarted. The first end may be due to something that is over now. */
function endingTroubles(pod: Pod, status: ContainerStatus, situation: Situation, goal: Goal): readonly Trouble[] {
  const { state, lastState, restartCount, name } = status;
  const ended = state.terminated ?? lastState.terminated;
  if (ended === undefined || status.ready || (goal.until === "completed" && ended.exitCode === 0)) return [];
  const again = restartCount > (situation.restartsBefore.get(containerKey(pod, status)) ?? 0);
  const loops = state.waiting?.reason === "CrashLoopBackOff" || (again && state.terminated !== undefined);
  const probed = again && killedByProbe(pod, name, situation.events);
  if (goal.stubborn || !(loops || probed || (again && ended.reason === "OOMKilled"))) return [];
  return [
    {
      key: `ending ${containerKey(pod, status)}`,
      patienceSeconds: 0,
      because: probed ? "its health check fails" : ending(ended),
      pod: pod.metadata.name,
      container: name,
    },
  ];
}

function killedByProbe({ metadata }: Pod, container: string, events: readonly ClusterEvent[]): boolean {
  return events.some(
    ({ name, reason, message }) =>
      name === metadata.name &&
      reason === "Killing" &&
      message.includes(`Container ${container} failed`) &&
      /(startup|liveness) probe/.test(message),
  );
}

function ending({ exitCode, reason, message, startedAt, finishedAt }: Terminated): string {
  const error = ["Completed", "Error", ""].includes(reason) ? "" : `${reason} ${message}`.trim();
  return endingText({
    code: exitCode,
    outOfMemory: reason === "OOMKilled",
    startedAt: startedAt ?? "",
    finishedAt: finishedAt ?? "",
    error,
  });
}

/** A container that runs, and is not ready after the time that its checks have. */
function checkTroubles(pod: Pod, status: ContainerStatus, goal: Goal): readonly Trouble[] {
  if (goal.checkSeconds === undefined || status.ready || status.state.running === undefined) return [];
  return [
    {
      key: `unready ${containerKey(pod, status)}`,
      patienceSeconds: goal.checkSeconds,
      because: "its health check fails",
      pod: pod.metadata.name,
      container: status.name,
    },
  ];
}
