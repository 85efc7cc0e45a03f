import assert from "node:assert/strict";
import type { Cluster } from "../../components/targets/kubernetes/cluster";
import {
  type ClusterEvent,
  type Metadata,
  metadataList,
  type Pod,
  podList,
  type Workload,
  workloadObject,
} from "../../components/targets/kubernetes/live";

/** A cluster that answers as it is told to. Questions that a test did not expect fail it. */
export function fakeCluster(answers: Partial<Cluster>): Cluster {
  const refuse = (question: string) => () => assert.fail(`the cluster was not expected to be asked: ${question}`);
  return {
    context: "lab",
    kubectl: "kubectl --context lab",
    namespace: refuse("namespace"),
    objects: refuse("objects"),
    serves: refuse("serves"),
    workload: refuse("workload"),
    pods: refuse("pods"),
    replicaSets: refuse("replicaSets"),
    events: refuse("events"),
    logs: refuse("logs"),
    ...answers,
  };
}

interface Named {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly generation?: number;
}

export function metadataOf({ name = "api", ...rest }: Named = {}): Metadata {
  const [item] = metadataList.parse({ items: [{ metadata: { name, uid: `${name}-uid`, ...rest } }] }).items;
  assert.ok(item);
  return item.metadata;
}

/** A workload as the API gives it, of one replica, of which nothing is there yet. */
export function workloadOf(status: object = {}, rest: Named = {}, spec: object = {}): Workload {
  const revision = { "deployment.kubernetes.io/revision": "3" };
  const metadata = { name: "api", uid: "api-uid", generation: 2, annotations: revision, ...rest };
  return workloadObject.parse({
    metadata,
    spec: { replicas: 1, ...spec },
    status: { observedGeneration: 2, ...status },
  });
}

/** What a workload of one replica says when it is up. */
export const rolledOut = { replicas: 1, updatedReplicas: 1, readyReplicas: 1 };

/** A pod of the newest revision of the Deployment above, with what is given of its status and of its only container. */
export function podOf(container: object = {}, status: object = {}, rest: Named = {}): Pod {
  const own = { name: "api", image: "shop/api:1.4.2", ready: false, restartCount: 0, state: {}, lastState: {} };
  const labels = { "pod-template-hash": "abc", "batch.kubernetes.io/controller-uid": "api-uid" };
  const [pod] = podList.parse({
    items: [
      {
        metadata: { name: "api-abc-1", uid: "pod-uid", labels, ...rest },
        status: { phase: "Running", containerStatuses: [{ ...own, ...container }], ...status },
      },
    ],
  }).items;
  assert.ok(pod);
  return pod;
}

/** The replica set of that revision. */
export const newestSet = metadataOf({
  name: "api-abc",
  labels: { "pod-template-hash": "abc" },
  annotations: { "deployment.kubernetes.io/revision": "3" },
});

export function warningOf(reason: string, message: string, name = "api-abc-1", at = Date.now()): ClusterEvent {
  return { kind: "Pod", name, reason, message, warning: true, at };
}
