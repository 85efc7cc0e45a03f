import { labelsOf, workloadOfContainer } from "./docker";
import { workloadOfObject } from "./kubernetes";
import { outlineAt, type ServiceOutline, type SystemOutline } from "./outline";
import { at, known, recordAt, textAt, textEntriesAt } from "./plain";
import type { Target, Workload } from "./workload";

/** A resource of a stack, as a policy, a state or a manifest has it. */
export interface Resource {
  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** What the program asks for. */
  readonly inputs: unknown;
  /** What came of it; in a preview as far as it is known. */
  readonly outputs?: unknown;
  /** URN of the component that it belongs to. */
  readonly parent?: string | undefined;
  readonly isProtected?: boolean;
  /** Whether it stays when Pulumi deletes it; a state says so, a policy is not told. */
  readonly isRetained?: boolean;
  /** Inputs whose changes are left to others, such as `spec.replicas`. */
  readonly ignoreChanges?: readonly string[];
  /** URNs of the resources that an input comes from. */
  readonly uses?: Readonly<Record<string, readonly string[]>>;
}

/** Everything that a deployment has, and where it is known what the one before had. */
export interface Stack {
  readonly resources: readonly Resource[];
  readonly before?: readonly Resource[] | undefined;
}

/** One thing that is wrong with a stack. */
export interface StackFinding {
  /** In words that go on after the name of the resource. */
  readonly message: string;
  /** What is to be changed; the stack as a whole where absent. */
  readonly on?: Resource;
}

/** An object of a target: a Kubernetes object, or a container, network or volume of Docker. */
export interface Thing {
  readonly resource: Resource;
  readonly target: Target;
  /** Kind of the Kubernetes object, or `Container`, `Network`, `Volume`. */
  readonly kind: string;
  /** Its name on the target; that of the resource where a preview does not know it. */
  readonly name: string;
  /** Of a Kubernetes object; `undefined` where a preview does not know it. */
  readonly namespace: string | undefined;
  /** By name. */
  readonly labels: unknown;
  /** The manifest, or the inputs. */
  readonly plain: unknown;
}

/** What runs, with the object that says so. */
export interface Running {
  readonly thing: Thing;
  readonly workload: Workload;
}

/** A service as it is described, with what was made for it. */
export interface Service {
  readonly outline: ServiceOutline;
  readonly resource: Resource;
  readonly system: System | undefined;
  readonly things: readonly Thing[];
}

export interface System {
  readonly resource: Resource;
  readonly outline: SystemOutline;
  readonly target: string | undefined;
  /** Names of services that were left out. */
  readonly omitted: readonly string[];
}

/** A stack as rules look at it. */
export interface View {
  readonly stack: Stack;
  readonly things: readonly Thing[];
  readonly running: readonly Running[];
  readonly systems: readonly System[];
  readonly services: readonly Service[];
  /** Names of what was left out, of systems and of the cluster's monitoring. */
  readonly omitted: readonly string[];
  /** The objects of a kind. */
  ofKind(kind: string, target?: Target): readonly Thing[];
}

const dockerTypes: Readonly<Record<string, string>> = {
  "docker:index/container:Container": "Container",
  "docker:index/network:Network": "Network",
  "docker:index/volume:Volume": "Volume",
};

/** What a resource is on its target; `undefined` for one that is no object there. */
export function thingOf(resource: Resource): Thing | undefined {
  const { type, inputs, name } = resource;
  const docker = dockerTypes[type];
  if (docker !== undefined)
    return {
      resource,
      target: "docker",
      kind: docker,
      name: known(textAt(inputs, "name"))[0] ?? name,
      namespace: undefined,
      labels: labelsOf(inputs),
      plain: inputs,
    };
  const [kind] = type.startsWith("kubernetes:") ? known(textAt(inputs, "kind")) : [];
  if (kind === undefined || type.endsWith("Patch")) return undefined;
  const namespace = at(inputs, "metadata", "namespace") === undefined ? "default" : undefined;
  return {
    resource,
    target: "kubernetes",
    kind,
    name: known(textAt(inputs, "metadata", "name"))[0] ?? name,
    namespace: known(textAt(inputs, "metadata", "namespace"))[0] ?? namespace,
    labels: at(inputs, "metadata", "labels"),
    plain: inputs,
  };
}

/** What runs of an object; `undefined` for one that runs nothing. */
export function workloadOf({ target, kind, plain, name }: Thing): Workload | undefined {
  if (target === "kubernetes") return workloadOfObject(plain, name);
  return kind === "Container" ? workloadOfContainer(plain, name) : undefined;
}

export function viewOf(stack: Stack): View {
  const things = stack.resources.flatMap((resource) => thingOf(resource) ?? []);
  const running = things.flatMap((thing): Running[] => {
    const workload = workloadOf(thing);
    return workload === undefined ? [] : [{ thing, workload }];
  });
  const parents = new Map(stack.resources.map((resource) => [resource.urn, resource.parent]));
  const systems = stack.resources.filter(({ type }) => type === "twofold:index:System").flatMap(systemOf);
  const byService = Map.groupBy(things, ({ resource }) => ancestorOf(resource.urn, "twofold:index:Service", parents));
  const services = stack.resources.flatMap((resource): Service[] => {
    const outline = resource.type === "twofold:index:Service" ? outlineAt<ServiceOutline>(resource) : undefined;
    if (outline === undefined) return [];
    const system = systems.find((each) => each.resource.urn === parents.get(resource.urn));
    return [{ outline, resource, system, things: byService.get(resource.urn) ?? [] }];
  });
  const byKind = Map.groupBy(things, ({ kind }) => kind);
  const ofKind = (kind: string, target?: Target): readonly Thing[] =>
    (byKind.get(kind) ?? []).filter((thing) => target === undefined || thing.target === target);
  const components = ["twofold:index:System", "twofold:index:ClusterMonitoring"];
  const omitted = stack.resources.filter(({ type }) => components.includes(type)).flatMap(omittedOf);
  return { stack, things, running, systems, services, omitted, ofKind };
}

function systemOf(resource: Resource): readonly System[] {
  const outline = outlineAt<SystemOutline>(resource);
  if (outline === undefined) return [];
  const target = known(textAt(resource.outputs, "target"))[0];
  return [{ resource, outline, target, omitted: omittedOf(resource) }];
}

const omittedOf = ({ outputs }: Resource): readonly string[] => textEntriesAt(outputs, "omitted").map(([name]) => name);

function ancestorOf(urn: string, type: string, parents: ReadonlyMap<string, string | undefined>): string | undefined {
  for (let here = parents.get(urn); here !== undefined; here = parents.get(here))
    if (typeIn(here) === type) return here;
  return undefined;
}

/** The type token of a URN, which has those of its parents before it. */
function typeIn(urn: string): string | undefined {
  return urn.split("::")[2]?.split("$").at(-1);
}

/** Resources for plain manifests, as if a program had made them. */
export function stackOfManifests(manifests: readonly unknown[]): Stack {
  const resources = manifests.map((manifest): Resource => {
    const [version = "v1"] = known(textAt(manifest, "apiVersion"));
    const [kind = ""] = known(textAt(manifest, "kind"));
    const { name, namespace = "" } = recordAt(manifest, "metadata");
    const type = `kubernetes:${version === "v1" ? "core/v1" : version}:${kind}`;
    return { type, name: String(name), urn: `${type}::${String(namespace)}/${String(name)}`, inputs: manifest };
  });
  return { resources };
}
