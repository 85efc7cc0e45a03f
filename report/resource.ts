import type { EngineEvent, State, Step } from "./events";
import type { Kind } from "./schema";

/** A resource of a preview: what it was, what it will be, and what the engine says of the difference. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: Kind;
  readonly old?: State;
  readonly new?: State;
  /** Properties that differ. */
  readonly diff: readonly Difference[];
}

export interface Difference {
  readonly path: string;
  readonly change: "add" | "delete" | "update";
  readonly replaces: boolean;
  /** Whether the old value is that of an input, and not of the state. */
  readonly ofInputs: boolean;
}

/** What each operation of the engine does to a resource; of several, that with the highest rank says it. */
const operations: Readonly<Record<string, { readonly kind: Kind; readonly rank: number }>> = {
  replace: { kind: "replace", rank: 5 },
  "create-replacement": { kind: "replace", rank: 5 },
  "import-replacement": { kind: "replace", rank: 5 },
  "remove-pending-replace": { kind: "replace", rank: 5 },
  delete: { kind: "delete", rank: 4 },
  create: { kind: "create", rank: 3 },
  import: { kind: "import", rank: 3 },
  update: { kind: "update", rank: 2 },
  // alone, it is what an interrupted run left of a replaced resource
  "delete-replaced": { kind: "delete", rank: 1 },
};
const nothing = { kind: "same", rank: 0 } as const;
const operationOf = ({ op }: Step) => operations[op] ?? nothing;

/** Providers that the engine makes of its own accord; it does not count them either. */
const isDefaultProvider = (urn: string): boolean => /::pulumi:providers:[^:]+::default(_[\w.]+)?$/.test(urn);

/** The resources of a preview by URN, in the order in which the engine came to them. */
export function resourcesOf(events: readonly EngineEvent[]): ReadonlyMap<string, Resource> {
  const steps = new Map<string, Step[]>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const step = resOutputsEvent?.metadata ?? resourcePreEvent?.metadata;
    if (step === undefined || isDefaultProvider(step.urn)) continue;
    const known = steps.get(step.urn);
    if (known === undefined) steps.set(step.urn, [step]);
    else known.push(step);
  }
  return new Map([...steps].map(([urn, [first, ...more]]) => [urn, resourceOf(urn, [first as Step, ...more])]));
}

function resourceOf(urn: string, steps: readonly [Step, ...Step[]]): Resource {
  const main = steps.reduce((a, b) => (operationOf(b).rank > operationOf(a).rank ? b : a));
  const old = steps.find((step) => step.old != null)?.old ?? undefined;
  // outputs that a component registers come last, and a replaced resource is deleted first
  const fresh = steps.findLast((step) => step.new != null)?.new ?? undefined;
  return {
    urn,
    type: main.type,
    name: nameOfUrn(urn),
    kind: operationOf(main).kind,
    ...(old === undefined ? {} : { old }),
    ...(fresh === undefined ? {} : { new: fresh }),
    diff: diffOf(main),
  };
}

export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function diffOf({ detailedDiff, diffs, keys }: Step): readonly Difference[] {
  const detailed = Object.entries(detailedDiff ?? {});
  if (detailed.length === 0) {
    const paths = [...new Set([...keys, ...diffs])];
    return paths.map((path) => ({ path, change: "update", replaces: keys.includes(path), ofInputs: true }));
  }
  return detailed.map(([path, { diffKind, inputDiff }]) => ({
    path,
    change: diffKind.startsWith("add") ? "add" : diffKind.startsWith("delete") ? "delete" : "update",
    replaces: diffKind.endsWith("-replace"),
    ofInputs: inputDiff,
  }));
}

/** Whether it stands for something outside Pulumi, and not only groups others. */
export function isReal({ old, new: fresh }: Resource): boolean {
  return (fresh ?? old)?.custom === true;
}

export const types = {
  system: "twofold:index:System",
  service: "twofold:index:Service",
  container: "docker:index/container:Container",
  volume: "docker:index/volume:Volume",
  network: "docker:index/network:Network",
  image: "docker:index/remoteImage:RemoteImage",
  namespace: "kubernetes:core/v1:Namespace",
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
  persistentVolume: "kubernetes:core/v1:PersistentVolume",
  kubernetesService: "kubernetes:core/v1:Service",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
} as const;

/** Types of Kubernetes that run pods. */
export const workloads: readonly string[] = [
  ...["Deployment", "StatefulSet", "DaemonSet"].map((kind) => `kubernetes:apps/v1:${kind}`),
  ...["Job", "CronJob"].map((kind) => `kubernetes:batch/v1:${kind}`),
];

/** Whether it is a container that never starts and only holds files for others. */
export function isCarrier({ type, old, new: fresh }: Resource): boolean {
  const labels = (fresh ?? old)?.inputs["labels"];
  return type === types.container && JSON.stringify(labels ?? []).includes('"twofold.carrier"');
}
