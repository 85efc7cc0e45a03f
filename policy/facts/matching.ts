import { at, pending } from "./plain";
import type { Running, Thing, View } from "./stack";
import type { Verdict } from "./verdict";

/** What runs on Kubernetes in the namespace of an object, or may run there. */
export function runningBeside({ namespace }: Thing, view: View): readonly Running[] {
  return view.running.filter(({ thing }) => thing.target === "kubernetes" && mayShare(thing.namespace, namespace));
}

/** Kinds whose pods an operator makes, with the labels that it is told to give them. */
const operated = ["Alertmanager", "Prometheus"];

/** The labels of all pods that are in the namespace of an object, or may be there. */
export function labelsBeside(thing: Thing, view: View): readonly unknown[] {
  const made = operated
    .flatMap((kind) => view.ofKind(kind))
    .filter(({ namespace }) => mayShare(namespace, thing.namespace))
    .map(({ plain }) => at(plain, "spec", "podMetadata", "labels"));
  return [...runningBeside(thing, view).map(({ workload }) => workload.labels), ...made];
}

/** Whether two namespaces are the same, or may be. */
export function mayShare(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Whether a selector finds one of them, or may. */
export function isFound(labels: readonly unknown[], select: (labels: unknown) => Verdict): boolean {
  return labels.some((each) => select(each) !== false);
}

/** Those that a selector finds for sure. */
export function foundIn(running: readonly Running[], select: (labels: unknown) => Verdict): readonly Running[] {
  return running.filter(({ workload }) => select(workload.labels) === true);
}

/** Whether it is the object of this name in this namespace, or may be. */
export function mayBe(thing: Thing, name: string, namespace: string | undefined): boolean {
  const isPendingName = at(thing.plain, "metadata", "name") === pending;
  return (thing.name === name || isPendingName) && mayShare(thing.namespace, namespace);
}

/** Whether there is an object of a kind and name in a namespace, or may be. */
export function isThere(view: View, kind: string, namespace: string, name: string): boolean {
  return view.ofKind(kind).some((thing) => mayBe(thing, name, namespace));
}
