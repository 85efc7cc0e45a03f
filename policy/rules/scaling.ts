import { programOf } from "../facts/image";
import { mayShare } from "../facts/matching";
import { at, known, numberAt, pending, textAt } from "../facts/plain";
import { scalersOf } from "../facts/replicas";
import { selects } from "../facts/selector";
import type { Service, StackFinding, Thing, View } from "../facts/stack";
import { both, kubernetes, type Rule } from "./rule";

/** Programs that decide by majority. */
const quorumPrograms: readonly string[] = [
  "etcd",
  "zookeeper",
  "consul",
  "clickhouse-keeper",
  "nats",
  "redis-sentinel",
];

/** How many there are of something, and whether that fits what it is. */
export const scalingRules: readonly Rule[] = [
  {
    of: "stack",
    id: "namespace-quota",
    title: "A namespace has a quota and defaults",
    severity: "medium",
    targets: kubernetes,
    why: "One system takes the room of all others.",
    remedy: "Make a ResourceQuota and a LimitRange in it.",
    example: "kind: ResourceQuota, spec: { hard: { limits.memory: 16Gi } }",
    references: { trivy: ["KSV-0039", "KSV-0040"] },
    check: (view) =>
      view.ofKind("Namespace").flatMap(({ name, resource }) => {
        const missing = ["ResourceQuota", "LimitRange"].filter(
          (kind) => !view.ofKind(kind).some(({ namespace }) => mayShare(namespace, name)),
        );
        return missing.length === 0 ? [] : [{ on: resource, message: `has no ${missing.join(" and no ")}` }];
      }),
  },
  {
    of: "stack",
    id: "quorum-arithmetic",
    title: "What decides by majority has an odd number of members",
    severity: "high",
    targets: both,
    why: "Four members bear the loss of one, as three do, and more of them can fail; a budget that lets a majority go stops writes.",
    remedy: "Run 3, 5 or 7, and let no more than a minority be evicted at once.",
    example: "replicas: 3",
    references: {},
    blind: "programs other than etcd, ZooKeeper, Consul, ClickHouse Keeper, NATS and Redis Sentinel",
    check: (view) => [...evenOnKubernetes(view), ...evenOnDocker(view)],
  },
  {
    of: "stack",
    id: "singleton-not-scaled",
    title: "Of a singleton there is one",
    severity: "critical",
    targets: both,
    why: "Two of it at once do harm: that is what singleton means.",
    remedy: "Leave autoscale and replicas out, and replace it with the strategy Recreate.",
    example: "singleton: true, replicas: 1",
    references: {},
    blind: "what no description calls a singleton",
    check: (view) =>
      view.services.filter(({ outline }) => outline.singleton).flatMap((service) => scaled(service, view)),
  },
];

function evenOnKubernetes(view: View): readonly StackFinding[] {
  return view.running
    .filter(({ workload }) => workload.target === "kubernetes" && workload.containers.some(({ image }) => votes(image)))
    .flatMap(({ workload, thing }) =>
      known(workload.replicas).flatMap((count) => [
        ...even(count, thing),
        ...view.ofKind("PodDisruptionBudget").flatMap(({ plain, resource }) => {
          const [away] = known(numberAt(plain, "spec", "maxUnavailable"));
          const isOwn = selects(at(plain, "spec", "selector"), workload.labels) === true;
          return isOwn && away !== undefined && away > (count - 1) / 2
            ? [{ on: resource, message: `lets ${away} of ${count} members go, which is no minority` }]
            : [];
        }),
      ]),
    );
}

/** On Docker each member is a container of its own under one service; one that only carries its files is none. */
function evenOnDocker(view: View): readonly StackFinding[] {
  return view.services.flatMap(({ things }) => {
    const members = view.running.filter(
      ({ thing, workload }) =>
        workload.target === "docker" && things.includes(thing) && workload.containers.some(({ image }) => votes(image)),
    );
    const [first] = members;
    return first === undefined ? [] : even(members.length, first.thing);
  });
}

function votes(image: unknown): boolean {
  return typeof image === "string" && quorumPrograms.includes(programOf(image));
}

function even(count: number, { resource }: Thing): readonly StackFinding[] {
  return count > 0 && count % 2 === 0 ? [{ on: resource, message: `has ${count} members` }] : [];
}

function scaled({ outline, things, resource }: Service, view: View): readonly StackFinding[] {
  const workloads = things.filter(({ kind, plain }) => kind === "Deployment" && at(plain, "spec") !== pending);
  const containers = view.running.filter(({ thing }) => thing.target === "docker" && things.includes(thing));
  const counts = [
    outline.replicas,
    containers.length,
    ...workloads.flatMap(({ plain }) => known(numberAt(plain, "spec", "replicas"))),
  ];
  const overlapping = workloads.filter(({ plain }) => {
    const strategy = textAt(plain, "spec", "strategy", "type") ?? "RollingUpdate";
    const surge = textAt(plain, "spec", "strategy", "rollingUpdate", "maxSurge");
    return strategy === "RollingUpdate" && surge !== "0" && surge !== "0%" && surge !== pending;
  });
  const isScaled = outline.autoscale !== undefined || workloads.some((thing) => scalersOf(thing, view).length > 0);
  return [
    ...(isScaled ? [{ on: resource, message: "is a singleton with an autoscaler" }] : []),
    ...(Math.max(...counts) > 1
      ? [{ on: resource, message: `is a singleton of which there are ${Math.max(...counts)}` }]
      : []),
    ...overlapping.map((thing) => ({
      on: thing.resource,
      message: "is a singleton whose update starts the new one before the old one has ended",
    })),
  ];
}
