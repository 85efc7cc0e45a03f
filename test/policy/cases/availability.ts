import type { Resource } from "../../../policy/facts/stack";
import { type Cases, several } from "../support/cases";
import { labels, object, pod, selector } from "../support/plain";
import { dockerShop, kubernetesShop } from "../support/shop";

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "api" };
const scaler = (changes: object = {}): Resource =>
  object("HorizontalPodAutoscaler", {
    scaleTargetRef: target,
    minReplicas: 2,
    maxReplicas: 4,
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    ...changes,
  });
const budget = (changes: object = {}): Resource =>
  object("PodDisruptionBudget", { selector, maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", ...changes });
const singleton = { singleton: true, replicas: 1 };
const etcd = { container: { image: "registry.example/etcd:3.6" } };

/** How many there are, and how they are replaced. */
export const availabilityCases: Cases = {
  "min-replicas": {
    passes: [
      pod(),
      [pod({ spec: { replicas: undefined } }), scaler()],
      pod({ spec: { replicas: 1, strategy: { type: "Recreate" } } }),
      pod({ kind: "StatefulSet", spec: { replicas: 1 } }),
    ],
    fails: { "api runs a single pod": pod({ spec: { replicas: undefined } }) },
  },
  "hpa-range": {
    passes: [scaler()],
    fails: {
      "api may go down to a single pod": scaler({ minReplicas: undefined }),
      "api has no room to scale": scaler({ maxReplicas: 2 }),
    },
  },
  "hpa-behaviour": {
    passes: [scaler()],
    fails: {
      "api does not say how long fewer pods must have been enough": scaler({ behavior: undefined }),
      "api waits 7200 s before it scales down": scaler({
        behavior: { scaleDown: { stabilizationWindowSeconds: 7200 } },
      }),
    },
  },
  "pdb-evict-unhealthy": {
    passes: [budget()],
    fails: { "api protects pods that do not work": budget({ unhealthyPodEvictionPolicy: undefined }) },
  },
  "topology-spread": {
    passes: [
      pod(),
      pod({ pod: { topologySpreadConstraints: undefined }, spec: { replicas: 1 } }),
      pod({ pod: { topologySpreadConstraints: undefined, affinity: { podAntiAffinity: {} } } }),
    ],
    fails: { "api may have all its pods on one node": pod({ pod: { topologySpreadConstraints: undefined } }) },
  },
  "safe-rollout": {
    passes: [pod(), pod({ spec: { replicas: 1, strategy: { type: "Recreate" } } })],
    fails: {
      "api may have none of its 2 pods during an update": pod({
        spec: { strategy: { rollingUpdate: { maxUnavailable: 2 } } },
      }),
      "api ends all its pods before it makes new ones": pod({ spec: { strategy: { type: "Recreate" } } }),
    },
  },
  "priority-class": {
    passes: [pod(), pod({ kind: "Job", pod: { priorityClassName: undefined } })],
    fails: { "api has no priority": pod({ pod: { priorityClassName: undefined } }) },
  },
  "job-hygiene": {
    passes: [
      pod({ kind: "Job", spec: { backoffLimit: 3, ttlSecondsAfterFinished: 600 } }),
      object("CronJob", { concurrencyPolicy: "Forbid", startingDeadlineSeconds: 300 }),
    ],
    fails: {
      "api has no ttlSecondsAfterFinished": pod({ kind: "Job", spec: { backoffLimit: 3 } }),
      "api may run twice at once": object("CronJob", { concurrencyPolicy: "Allow", startingDeadlineSeconds: 300 }),
    },
  },
  "selector-matches": {
    passes: [pod(), object("DaemonSet", { selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } })],
    fails: {
      "api selects pods by app, which its own do not have": pod({
        spec: { selector: { matchLabels: { app: "api" } } },
      }),
      "api selects no pods": pod({ spec: { selector: undefined } }),
    },
  },
  "pdb-present": {
    passes: [[pod(), budget()], pod({ spec: { replicas: 1 } })],
    fails: {
      "api runs more than once, without a disruption budget": several(
        [pod(), budget({ selector: { matchLabels: { app: "db" } } })],
        [pod({ spec: { replicas: undefined } }), scaler()],
      ),
    },
  },
  "pdb-not-blocking": {
    passes: [
      [pod(), budget()],
      [pod(), budget({ maxUnavailable: undefined, minAvailable: 1 })],
    ],
    fails: {
      "api lets no pod go": several(
        [pod(), budget({ maxUnavailable: undefined, minAvailable: 2 })],
        budget({ maxUnavailable: "0%" }),
      ),
      "api says neither how many must stay nor how many may go": budget({ maxUnavailable: undefined }),
    },
  },
  "namespace-quota": {
    passes: [kubernetesShop()],
    fails: {
      "shop has no ResourceQuota and no LimitRange": object("Namespace", undefined, { metadata: { name: "shop" } }),
      "shop has no LimitRange": [
        object("Namespace", undefined, { metadata: { name: "shop" } }),
        object("ResourceQuota", { hard: { pods: 10 } }),
      ],
    },
  },
  "quorum-arithmetic": {
    passes: [
      pod({ kind: "StatefulSet", ...etcd, spec: { replicas: 3 } }),
      pod({ spec: { replicas: 4 } }),
      dockerShop(),
    ],
    fails: {
      "api has 4 members": pod({ kind: "StatefulSet", ...etcd, spec: { replicas: 4 } }),
      "api lets 2 of 3 members go, which is no minority": [
        pod({ kind: "StatefulSet", ...etcd, spec: { replicas: 3 } }),
        budget({ maxUnavailable: 2 }),
      ],
      "shop-db has 2 members": dockerShop({ image: "nats:2.10", replicas: 2 }),
    },
  },
  "singleton-not-scaled": {
    passes: [
      kubernetesShop(),
      dockerShop({ outline: singleton }),
      kubernetesShop({
        outline: singleton,
        spec: { replicas: 1, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
      }),
      kubernetesShop({ outline: singleton, spec: { replicas: 1, strategy: { type: "Recreate" } } }),
    ],
    fails: {
      "shop-api is a singleton of which there are 2": kubernetesShop({
        outline: singleton,
        spec: { replicas: 2, strategy: { type: "Recreate" } },
      }),
      "shop-api is a singleton with an autoscaler": kubernetesShop({
        outline: { ...singleton, autoscale: { min: 1, max: 2 } },
        spec: { replicas: 1, strategy: { type: "Recreate" } },
      }),
      "api is a singleton whose update starts the new one before the old one has ended": kubernetesShop({
        outline: singleton,
        spec: { replicas: 1 },
      }),
      "shop-db is a singleton of which there are 2": dockerShop({ outlineOfDb: singleton, replicas: 2 }),
    },
  },
  "hpa-target-exists": {
    passes: [[scaler(), pod()]],
    fails: { "api uses the Deployment api, which is not there": scaler() },
  },
  "hpa-owns-replicas": {
    passes: [
      [scaler(), pod({ spec: { replicas: undefined } })],
      [scaler(), pod({}, { ignoreChanges: ["spec.replicas"] })],
    ],
    fails: { "api has a fixed number of pods besides an autoscaler": [scaler(), pod()] },
  },
  "standard-labels": {
    passes: [pod(), object("Job", {}), dockerShop()],
    fails: {
      "api has no label app.kubernetes.io/part-of": pod({ metadata: { labels: { "app.kubernetes.io/name": "api" } } }),
      'api has the label team with "a b", which no label may be': pod({
        metadata: { labels: { ...labels, team: "a b" } },
      }),
      "shop-api has none of these labels": dockerShop({ api: { labels: [{ label: "team", value: "a" }] } }),
    },
  },
};
