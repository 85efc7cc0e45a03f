import { isDeepStrictEqual } from "node:util";
import { at, known, numberAt, pending, textAt } from "../facts/plain";
import type { Thing } from "../facts/stack";
import { kubernetes, type Rule, when } from "./rule";

/** The longest that the API takes. */
const longestStabilisation = 3600;

/** Whether a service goes on when a pod or a node ends. */
export const availabilityRules: readonly Rule[] = [
  {
    of: "object",
    id: "hpa-range",
    title: "An autoscaler has room to both sides",
    severity: "medium",
    targets: kubernetes,
    kinds: ["HorizontalPodAutoscaler"],
    why: "A floor of one is an outage on a quiet day, and a ceiling at the floor never scales.",
    remedy: "Let minReplicas be 2 or more, and maxReplicas above it.",
    example: "minReplicas: 2, maxReplicas: 6",
    references: {
      kubeLinter: ["hpa-minimum-three-replicas"],
      kubeScore: ["horizontalpodautoscaler-replicas"],
      polaris: ["hpaMinAvailability", "hpaMaxAvailability"],
    },
    check: ({ plain }) => {
      const [least, most] = [numberAt(plain, "spec", "minReplicas") ?? 1, numberAt(plain, "spec", "maxReplicas")];
      return [
        ...when(typeof least === "number" && least < 2, "may go down to a single pod"),
        ...when(typeof least === "number" && typeof most === "number" && most <= least, "has no room to scale"),
      ];
    },
  },
  {
    of: "object",
    id: "hpa-behaviour",
    title: "An autoscaler does not flap",
    severity: "low",
    targets: kubernetes,
    kinds: ["HorizontalPodAutoscaler"],
    why: "Without a window pods come and go with each peak; with one above an hour the API ignores it.",
    remedy: `State scaleDown.stabilizationWindowSeconds, at most ${longestStabilisation}.`,
    example: "behavior: { scaleDown: { stabilizationWindowSeconds: 300 } }",
    references: {},
    check: ({ plain }) => {
      const seconds = numberAt(plain, "spec", "behavior", "scaleDown", "stabilizationWindowSeconds");
      return [
        ...when(seconds === undefined, "does not say how long fewer pods must have been enough"),
        ...known(seconds).flatMap((given) =>
          when(given > longestStabilisation, `waits ${given} s before it scales down`),
        ),
      ];
    },
  },
  {
    of: "workload",
    id: "priority-class",
    title: "Every pod has a priority",
    severity: "low",
    targets: kubernetes,
    why: "When nodes are full, a pod without one goes before any that has one.",
    remedy: "Name a priorityClassName that the cluster has.",
    example: "priorityClassName: production",
    references: { polaris: ["priorityClassNotSet"] },
    check: ({ plain, kind }) =>
      when(kind !== "Job" && kind !== "CronJob" && at(plain, "priorityClassName") === undefined, "has no priority"),
  },
  {
    of: "object",
    id: "job-hygiene",
    title: "Jobs end, do not overlap, and go away",
    severity: "medium",
    targets: kubernetes,
    kinds: ["Job", "CronJob"],
    why: "A job that hangs keeps the next one from running, two at once do things twice, and finished ones pile up.",
    remedy:
      "Set backoffLimit and ttlSecondsAfterFinished for jobs; concurrencyPolicy and startingDeadlineSeconds for cron jobs.",
    example: "concurrencyPolicy: Forbid, startingDeadlineSeconds: 300",
    references: { kubeLinter: ["job-ttl-seconds-after-finished"], kubeScore: ["cronjob-has-deadline"] },
    check: ({ kind, plain }) => {
      const wanted =
        kind === "Job" ? ["backoffLimit", "ttlSecondsAfterFinished"] : ["concurrencyPolicy", "startingDeadlineSeconds"];
      return [
        ...wanted.flatMap((key) => when(at(plain, "spec", key) === undefined, `has no ${key}`)),
        ...when(textAt(plain, "spec", "concurrencyPolicy") === "Allow", "may run twice at once"),
      ];
    },
  },
  {
    of: "object",
    id: "selector-matches",
    title: "A workload selects its own pods",
    severity: "critical",
    targets: kubernetes,
    kinds: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
    why: "With another selector it is refused, or takes over the pods of somebody else.",
    remedy: "Let the template have every label of the selector.",
    example: "selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } } }",
    references: {
      kubeLinter: ["mismatching-selector"],
      kubeScore: [
        "deployment-pod-selector-labels-match-template-metadata-labels",
        "statefulset-pod-selector-labels-match-template-metadata-labels",
      ],
    },
    check: selfSelection,
  },
];

function selfSelection({ plain }: Thing): readonly string[] {
  const wanted = at(plain, "spec", "selector", "matchLabels");
  const labels = at(plain, "spec", "template", "metadata", "labels");
  if (labels === pending || wanted === pending) return [];
  const wrong = Object.keys(wanted ?? {}).filter((key) => {
    const [asked, given] = [textAt(wanted, key), textAt(labels, key)];
    return asked !== pending && given !== pending && asked !== given;
  });
  const expressions = at(plain, "spec", "selector", "matchExpressions");
  const isEmpty = wanted === undefined && (expressions === undefined || isDeepStrictEqual(expressions, []));
  return [
    ...when(wrong.length > 0, `selects pods by ${wrong.join(", ")}, which its own do not have`),
    ...when(isEmpty && at(plain, "spec", "selector") !== pending, "selects no pods"),
  ];
}
