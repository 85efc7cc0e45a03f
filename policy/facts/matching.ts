import { at, pending } from "./plain";
import type { Running, Thing, View } from "./stack";
import type { Verdict } from "./verdict";

/** What runs on Kubernetes in the namespace of an object, or may run there. */
export function runningBeside({ namespace }: Thing, view: View): readonly Running[] {
  return view.running.filter(({ thing }) => thing.target === "kubernetes" && mayShare(thing.namespace, namespace));
}

/** Whether two namespaces are the same, or may be. */
export function mayShare(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Whether a selector finds one of them, or may. */
export function isFound(running: readonly Running[], select: (labels: unknown) => Verdict): boolean {
  return running.some(({ workload }) => select(workload.labels) !== false);
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
