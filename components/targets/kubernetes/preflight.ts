import { DescriptionError, oneOf, type Problem } from "../../core/errors";
import { pluralOf } from "./api-paths";
import { ClusterError } from "./client";
import type { Cluster } from "./cluster";
import type { Metadata } from "./live";
import { type KubernetesModel, type Manifest, workloadKinds } from "./model";
import { ownerLabel, stackAnnotation } from "./names";

/** Who is about to deploy. */
export interface Deployer {
  /** Id of the deployment, which its objects carry. */
  readonly owner: string;
  /** As `project/stack`. */
  readonly stack: string;
}

/** What was seen on a cluster that can take the system. */
export interface Seen {
  /** What a person should know nevertheless. */
  readonly warnings: readonly string[];
  /** Services that the system has there already, whatever state they are in. */
  readonly present: readonly string[];
}

/**
 * Looks whether a cluster can take a system, before anything of it is touched. Throws a `DescriptionError` with everything
 * that is missing, or in the way.
 */
export async function inspect(cluster: Cluster, model: KubernetesModel, deployer: Deployer): Promise<Seen> {
  const manifests = [
    ...model.shared,
    ...model.services.flatMap((service) => (service.omitted === undefined ? service.manifests : [])),
  ];
  const [place, storage, metrics, ingress] = await Promise.all([
    placeFindings(cluster, model, manifests, deployer),
    storageProblems(cluster, manifests),
    metricsFindings(cluster, manifests),
    ingressProblems(cluster, manifests),
  ]);
  const problems = [...place.problems, ...storage, ...metrics.problems, ...ingress];
  if (problems.length > 0) throw new DescriptionError(`cluster of the context ${cluster.context}`, problems);
  return { warnings: metrics.warnings, present: place.present };
}

async function placeFindings(
  cluster: Cluster,
  { system, namespace }: KubernetesModel,
  manifests: readonly Manifest[],
  deployer: Deployer,
): Promise<{ readonly problems: readonly Problem[]; readonly present: readonly string[] }> {
  const found = await cluster.namespace(namespace);
  if (found === undefined || found.deletionTimestamp !== undefined) return { problems: [], present: [] };
  const inIt = await objectsIn(cluster, namespace, manifests);
  const present = inIt.filter(({ kind }) => workloadKinds.includes(kind)).map(({ metadata }) => metadata.name);
  if (found.labels[ownerLabel] !== deployer.owner) {
    // volumes that were to stay have kept the namespace of an earlier deployment of this stack
    if (present.length > 0 || found.annotations[stackAnnotation] !== deployer.stack)
      return { problems: [takenNamespace(cluster.kubectl, system, namespace, found, deployer)], present };
  }
  const problems = inIt
    .filter(({ kind, metadata }) =>
      manifests.some((each) => each.kind === kind && each.metadata.name === metadata.name),
    )
    .filter(({ kind, metadata: { labels, annotations } }) => {
      const kept = kind === "PersistentVolumeClaim" && annotations[stackAnnotation] === deployer.stack;
      return labels[ownerLabel] !== deployer.owner && !kept;
    })
    .map(({ kind, metadata }) => ({
      path: `${kind} ${metadata.name}`,
      given: `is in the namespace ${namespace} already, and belongs to ${whose(metadata)}`,
      remedy: `rename the service, or remove it: ${cluster.kubectl} -n ${namespace} delete ${kind.toLowerCase()} ${metadata.name}`,
    }));
  return { problems, present };
}

interface Found {
  readonly kind: Manifest["kind"];
  readonly metadata: Metadata;
}

async function objectsIn(
  cluster: Cluster,
  namespace: string,
  manifests: readonly Manifest[],
): Promise<readonly Found[]> {
  const versions = new Map(manifests.map(({ kind, apiVersion }) => [kind, apiVersion]));
  const lists = [...versions].map(async ([kind, apiVersion]) => {
    if (kind === "Namespace") return [];
    const objects = await cluster.objects(apiVersion, pluralOf(kind), namespace);
    return objects.map((metadata) => ({ kind, metadata }));
  });
  return (await Promise.all(lists)).flat();
}

function takenNamespace(
  kubectl: string,
  system: string,
  namespace: string,
  found: Metadata,
  { stack }: Deployer,
): Problem {
  if (found.labels[ownerLabel] === undefined)
    return {
      path: `namespace ${namespace}`,
      given: "exists already, and belongs to nobody that is known here",
      remedy: `choose another name (namePrefix), remove it (${kubectl} delete namespace ${namespace}), or hand it over to this stack (${kubectl} annotate namespace ${namespace} ${stackAnnotation}=${stack})`,
    };
  return {
    path: `namespace ${namespace}`,
    given: `${system} is on this cluster already, from another clone or state: it belongs to ${whose(found)}`,
    remedy: `take that down where it was made, or choose another name (namePrefix); to remove it without its state: ${kubectl} delete namespace ${namespace}`,
  };
}

function whose({ annotations }: Metadata): string {
  const stack = annotations[stackAnnotation];
  return stack === undefined ? "nobody that is known here" : `another deployment of the stack ${stack}`;
}

/** The classes of a kind, or undefined when the user may not see them. */
async function classes(cluster: Cluster, apiVersion: string, plural: string): Promise<readonly Metadata[] | undefined> {
  try {
    return await cluster.objects(apiVersion, plural);
  } catch (error) {
    if (error instanceof ClusterError && error.status === 403) return undefined;
    throw error;
  }
}

async function storageProblems(cluster: Cluster, manifests: readonly Manifest[]): Promise<readonly Problem[]> {
  const [first] = manifests.flatMap((manifest) => (manifest.kind === "PersistentVolumeClaim" ? [manifest] : []));
  if (first === undefined) return [];
  const known = await classes(cluster, "storage.k8s.io/v1", "storageclasses");
  if (known === undefined) return [];
  const names = known.map(({ name }) => name);
  const wanted = first.spec.storageClassName;
  const path = "kubernetes.storageClass";
  if (wanted !== undefined)
    return names.includes(wanted)
      ? []
      : [{ path, given: `is ${wanted}, which the cluster does not have`, remedy: choiceOf(names, "a storage class") }];
  if (known.some(({ annotations }) => annotations["storageclass.kubernetes.io/is-default-class"] === "true")) return [];
  const given = "is not set, the cluster has no default class, and the system has volumes";
  return [{ path, given, remedy: choiceOf(names, "a storage class") }];
}

async function ingressProblems(cluster: Cluster, manifests: readonly Manifest[]): Promise<readonly Problem[]> {
  const wanted = manifests.flatMap((manifest) =>
    manifest.kind === "Ingress" && manifest.spec.ingressClassName !== undefined ? [manifest.spec.ingressClassName] : [],
  )[0];
  if (wanted === undefined) return [];
  const known = await classes(cluster, "networking.k8s.io/v1", "ingressclasses");
  const names = known?.map(({ name }) => name) ?? [wanted];
  if (names.includes(wanted)) return [];
  const given = `is ${wanted}, which the cluster does not have`;
  return [{ path: "kubernetes.ingressClass", given, remedy: choiceOf(names, "an ingress controller") }];
}

function choiceOf(names: readonly string[], what: string): string {
  return names.length === 0 ? `give the cluster ${what}; it has none` : oneOf([...names].sort());
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

async function metricsFindings(cluster: Cluster, manifests: readonly Manifest[]): Promise<Findings> {
  const scaled = manifests
    .filter(({ kind }) => kind === "HorizontalPodAutoscaler")
    .map(({ metadata }) => metadata.name);
  if (scaled.length === 0) return { problems: [], warnings: [] };
  try {
    if (await cluster.serves("metrics.k8s.io/v1beta1")) return { problems: [], warnings: [] };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const warning = `the cluster's metrics API does not answer (${error.message}): until it does, nothing scales ${scaled.join(", ")}`;
    return { problems: [], warnings: [warning] };
  }
  const problems = scaled.map((name) => ({
    path: `services.${name}.autoscale`,
    given: "needs the cluster's metrics API, which is not there",
    remedy: "install metrics-server, or set replicas in place of autoscale",
  }));
  return { problems, warnings: [] };
}
