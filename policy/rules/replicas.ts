import { foundIn, mayShare, runningBeside } from "../facts/matching";
import { at, hasPending, known, pending, textAt } from "../facts/plain";
import { countOf, runningAtLeast } from "../facts/replicas";
import { selects } from "../facts/selector";
import type { Resource, StackFinding, Thing, View } from "../facts/stack";
import { kubernetes, type Rule, when } from "./rule";

/** Whether there are enough pods at any moment. */
export const replicaRules: readonly Rule[] = [
  {
    of: "stack",
    id: "min-replicas",
    title: "A service that may run twice does",
    severity: "medium",
    targets: kubernetes,
    why: "With one pod, each end of a node and each update is an outage.",
    remedy: "Run two, or make it a singleton, which is replaced with the strategy Recreate.",
    example: "replicas: 2",
    references: {
      kubeLinter: ["minimum-three-replicas"],
      kubeScore: ["deployment-replicas"],
      polaris: ["deploymentMissingReplicas"],
    },
    check: (view) =>
      deployments(view)
        .filter(({ count, spec }) => count < 2 && isRolling(spec))
        .map(({ resource }) => ({ on: resource, message: "runs a single pod" })),
  },
  {
    of: "stack",
    id: "topology-spread",
    title: "Replicas are on different nodes",
    severity: "medium",
    targets: kubernetes,
    why: "Two pods on one node end together.",
    remedy: "Add topologySpreadConstraints over kubernetes.io/hostname.",
    example: "topologySpreadConstraints: [{ topologyKey: kubernetes.io/hostname, maxSkew: 1, … }]",
    references: {
      kubeLinter: ["no-anti-affinity"],
      kubeScore: [
        "deployment-has-host-podantiaffinity",
        "statefulset-has-host-podantiaffinity",
        "pod-topology-spread-constraints",
      ],
      polaris: ["topologySpreadConstraint"],
    },
    check: (view) =>
      runningAtLeast(2, view)
        .filter(
          ({ workload: { plain } }) =>
            at(plain, "topologySpreadConstraints") === undefined &&
            at(plain, "affinity", "podAntiAffinity") === undefined,
        )
        .map(({ thing }) => ({ on: thing.resource, message: "may have all its pods on one node" })),
  },
  {
    of: "stack",
    id: "safe-rollout",
    title: "An update leaves pods that serve",
    severity: "medium",
    targets: kubernetes,
    why: "An update that ends all pods before the new ones work is an outage of its own making.",
    remedy: "Let maxUnavailable be 0, or less than there are replicas, and use Recreate for singletons only.",
    example: "strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }",
    references: { kubeLinter: ["no-rolling-update-strategy"], kubeScore: ["deployment-strategy"] },
    check: (view) => deployments(view).flatMap(rollout),
  },
  {
    of: "stack",
    id: "pdb-present",
    title: "What runs more than once has a disruption budget",
    severity: "medium",
    targets: kubernetes,
    why: "Without one all of its pods may be evicted at the same time.",
    remedy: "Make a PodDisruptionBudget with maxUnavailable: 1.",
    example: "kind: PodDisruptionBudget, spec: { maxUnavailable: 1, selector: … }",
    references: {
      kubeScore: ["deployment-has-poddisruptionbudget", "statefulset-has-poddisruptionbudget"],
      polaris: ["missingPodDisruptionBudget"],
    },
    check: (view) =>
      runningAtLeast(2, view)
        .filter(({ workload, thing }) =>
          view
            .ofKind("PodDisruptionBudget")
            .filter((budget) => mayShare(budget.namespace, thing.namespace))
            .every((budget) => selects(at(budget.plain, "spec", "selector"), workload.labels) === false),
        )
        .map(({ thing }) => ({ on: thing.resource, message: "runs more than once, without a disruption budget" })),
  },
  {
    of: "stack",
    id: "pdb-not-blocking",
    title: "A disruption budget lets a pod go",
    severity: "high",
    targets: kubernetes,
    why: "A node whose pods may never be evicted can be neither updated nor removed.",
    remedy: "Set maxUnavailable: 1, and make no budget for a single pod.",
    example: "maxUnavailable: 1",
    references: {
      kubeLinter: ["pdb-max-unavailable", "pdb-min-available"],
      kubeScore: ["poddisruptionbudget-has-policy"],
      polaris: ["pdbDisruptionsIsZero", "pdbMinAvailableGreaterThanHPAMinReplicas"],
    },
    check: (view) => view.ofKind("PodDisruptionBudget").flatMap((budget) => blocking(budget, view)),
  },
  {
    of: "object",
    id: "pdb-evict-unhealthy",
    title: "A disruption budget does not protect pods that do not work",
    severity: "low",
    targets: kubernetes,
    kinds: ["PodDisruptionBudget"],
    why: "A node cannot be emptied while a broken pod counts against the budget.",
    remedy: "Set unhealthyPodEvictionPolicy: AlwaysAllow.",
    example: "unhealthyPodEvictionPolicy: AlwaysAllow",
    references: { kubeLinter: ["pdb-unhealthy-pod-eviction-policy"] },
    check: ({ plain }) => {
      const policy = textAt(plain, "spec", "unhealthyPodEvictionPolicy");
      return when(policy !== pending && policy !== "AlwaysAllow", "protects pods that do not work");
    },
  },
];

interface Deployment {
  readonly resource: Resource;
  readonly count: number;
  readonly spec: unknown;
}

/** The Deployments of which it is known how many pods they have. */
function deployments(view: View): readonly Deployment[] {
  return view.running
    .filter(({ workload }) => workload.kind === "Deployment")
    .flatMap((running) =>
      known(countOf(running, view)).map((count) => ({
        resource: running.thing.resource,
        count,
        spec: running.workload.spec,
      })),
    );
}

/** Whether pods are replaced a few at a time, and not all at once. */
function isRolling(spec: unknown): boolean {
  const type = textAt(spec, "strategy", "type");
  return type === undefined || type === "RollingUpdate";
}

function rollout({ spec, count, resource }: Deployment): readonly StackFinding[] {
  const away = textAt(spec, "strategy", "rollingUpdate", "maxUnavailable");
  const isAll = away === "100%" || (typeof away === "string" && /^\d+$/.test(away) && Number(away) >= count);
  if (textAt(spec, "strategy", "type") === "Recreate" && count > 1)
    return [{ on: resource, message: "ends all its pods before it makes new ones" }];
  return isRolling(spec) && isAll
    ? [{ on: resource, message: `may have none of its ${count} pods during an update` }]
    : [];
}

function blocking(budget: Thing, view: View): readonly StackFinding[] {
  const [least, away] = [textAt(budget.plain, "spec", "minAvailable"), textAt(budget.plain, "spec", "maxUnavailable")];
  const selector = at(budget.plain, "spec", "selector");
  const counts = foundIn(runningBeside(budget, view), (labels) => selects(selector, labels)).flatMap((running) =>
    known(countOf(running, view)),
  );
  const needsAll = least === "100%" || (typeof least === "string" && counts.some((count) => Number(least) >= count));
  const isBlocking = away === "0" || away === "0%" || needsAll;
  return [
    ...(isBlocking ? [{ on: budget.resource, message: "lets no pod go" }] : []),
    ...(least === undefined && away === undefined && !hasPending(at(budget.plain, "spec"))
      ? [{ on: budget.resource, message: "says neither how many must stay nor how many may go" }]
      : []),
  ];
}
