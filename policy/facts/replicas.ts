import { mayShare } from "./matching";
import { known, type Maybe, numberAt, pending, textAt } from "./plain";
import type { Running, Thing, View } from "./stack";

/** The autoscalers of a workload. */
export function scalersOf({ name, namespace }: Thing, view: View): readonly Thing[] {
  return view
    .ofKind("HorizontalPodAutoscaler")
    .filter((scaler) => mayShare(scaler.namespace, namespace) && targetOf(scaler) === name);
}

function targetOf({ plain }: Thing): Maybe<string> | undefined {
  return textAt(plain, "spec", "scaleTargetRef", "name");
}

/** How many there are at least: by its own number, else by its autoscaler, else one. */
export function countOf({ workload, thing }: Running, view: View): Maybe<number> {
  if (workload.replicas !== undefined) return workload.replicas;
  const [scaler] = scalersOf(thing, view);
  if (scaler !== undefined) return numberAt(scaler.plain, "spec", "minReplicas") ?? 1;
  return view.ofKind("HorizontalPodAutoscaler").some((other) => targetOf(other) === pending) ? pending : 1;
}

/** Deployments and StatefulSets of which there are at least so many. */
export function runningAtLeast(count: number, view: View): readonly Running[] {
  return view.running.filter(
    (running) =>
      ["Deployment", "StatefulSet"].includes(running.workload.kind) &&
      known(countOf(running, view)).some((given) => given >= count),
  );
}
