import { lastWords, logLines, mask } from "../last-words";
import { ClusterError } from "./client";
import type { Situation, Trouble } from "./judge";
import type { ClusterEvent, ContainerStatus } from "./live";
import type { Subject } from "./settle";

/** The last words of a process whose pod may be gone. */
export interface Heard {
  readonly code: number;
  readonly log: string;
}

/** What a person needs to know of a workload that will not come up, on one screen. */
export async function explain(
  subject: Subject,
  { pods, events }: Situation,
  { because, pod, container }: Trouble,
  heard: Heard | undefined,
): Promise<string> {
  const { cluster, namespace, name, goal, secrets } = subject;
  const status = pods
    .find(({ metadata }) => metadata.name === pod)
    ?.status.containerStatuses.find((each) => each.name === container);
  const log = status === undefined ? heard?.log : await logOf(subject, pod ?? "", status);
  const code = status === undefined && heard !== undefined ? `: its code was ${heard.code}` : "";
  const object = pod === undefined ? `all -l app.kubernetes.io/name=${name}` : `pod ${pod}`;
  const lines = [
    `${name} is not ${goal.until}: ${because}${code}`,
    ...(log === undefined ? [] : lastWords(log)),
    ...complaints(events, [name, ...(pod === undefined ? [] : [pod])]),
    `  see ${cluster.kubectl} -n ${namespace} describe ${object}`,
  ];
  return mask(lines.join("\n"), secrets);
}

/** What a container has printed last; one that has just been restarted is not asked, but the one before it. */
export async function logOf({ cluster, namespace }: Subject, pod: string, status: ContainerStatus): Promise<string> {
  const before = status.state.running !== undefined && status.lastState.terminated !== undefined;
  try {
    return await cluster.logs(namespace, pod, status.name, before, logLines);
  } catch (error) {
    // why it failed is worth more than what it printed
    if (error instanceof ClusterError) return `(its log cannot be read: ${error.message})`;
    throw error;
  }
}

const mostComplaints = 4;
const longestComplaint = 300;

/** What the cluster has warned of, each warning once. */
function complaints(events: readonly ClusterEvent[], names: readonly string[]): readonly string[] {
  const lines = events
    .filter(({ warning, name }) => warning && names.includes(name))
    .map(({ reason, message }) => `    ${reason}: ${shortened(message.replaceAll(/\s+/g, " ").trim())}`);
  const last = [...new Set(lines)].slice(-mostComplaints);
  return last.length === 0 ? [] : ["  the cluster says:", ...last];
}

function shortened(message: string): string {
  return message.length <= longestComplaint ? message : `${message.slice(0, longestComplaint)}…`;
}
