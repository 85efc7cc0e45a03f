import { randomUUID } from "node:crypto";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { blaming } from "../blame";
import type { Realised, Scope } from "../target";
import { allUp, bringUp, mayBeMade, type Running } from "./bring-up";
import { UnreachableError } from "./client";
import { type Cluster, connectCluster } from "./cluster";
import { awaitEnd } from "./ending";
import { type ClusterChoice, readKubeconfig } from "./kubeconfig";
import { type KubernetesModel, kinds, type Manifest, type ServiceModel, workloadKinds } from "./model";
import { inspect } from "./preflight";
import { type Context, isKept, makeObject } from "./realise-object";

/** Makes the objects of a model in the order in which services wait for each other, and waits until all are up. */
export function realiseKubernetes(
  model: KubernetesModel,
  scope: Scope,
  choice: ClusterChoice,
  after: readonly pulumi.Resource[] = [],
): Realised {
  const context = prepare(model, scope, choice);
  const shared = makeShared(model, after, context);
  const running = new Map<string, Running>();
  for (const service of present(model)) running.set(service.name, makeService(service, shared, running, context));
  return {
    addresses: allUp(model, [...running.values()], context),
    omitted: Object.fromEntries(
      model.services.flatMap(({ name, omitted }) => (omitted === undefined ? [] : [[name, omitted]])),
    ),
  };
}

const present = ({ services }: KubernetesModel): readonly ServiceModel[] =>
  services.filter(({ omitted }) => omitted === undefined);

function prepare(model: KubernetesModel, scope: Scope, choice: ClusterChoice): Context {
  const { namespace } = model;
  const access = readKubeconfig(choice, process.env);
  const cluster = connectCluster(choice, access);
  const parent = scope.parentOf(undefined);
  // the state keeps the first value, and everything that is made carries it
  const owner = new pulumi.Stash(`${namespace}-owner`, { input: randomUUID() }, { parent, ignoreChanges: ["input"] });
  // without a file it would take a kubeconfig of the environment, which may be another one when the stack is destroyed
  const where = { context: access.context, kubeconfig: access.file };
  // what pods are given is written over in its place: without it a pod that is just starting could not
  const how = { enableServerSideApply: true, enableConfigMapMutable: true, enableSecretMutable: true };
  const provider = new Provider(`${namespace}-cluster`, { ...where, ...how }, { parent });
  const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
  // behind Pulumi's mocks there is no cluster
  const real = pulumi.runtime.getEngine() !== undefined;
  const present = owner.output.apply(
    async (id: string): Promise<readonly string[]> =>
      real ? blaming(parent, look(cluster, model, { owner: id, stack }, parent)) : [],
  );
  return {
    // a preview changes nothing
    active: real && !pulumi.runtime.isDryRun(),
    cluster,
    namespace,
    scope,
    provider,
    stack,
    owner: pulumi.all([owner.output, present]).apply(([id]): string => id),
    present,
    workloads: new Map(),
  };
}

/**
 * Looks at the cluster first, and gives the services that are there. A preview goes on without one: it shows what would be
 * made there.
 */
async function look(
  cluster: Cluster,
  model: KubernetesModel,
  deployer: { readonly owner: string; readonly stack: string },
  parent: pulumi.Resource,
): Promise<readonly string[]> {
  const preview = pulumi.runtime.isDryRun();
  try {
    if (!preview) await awaitEnd(cluster, "namespace", [model.namespace]);
    const { warnings, present } = await inspect(cluster, model, deployer);
    for (const warning of warnings) void pulumi.log.warn(warning, parent);
    return present;
  } catch (error) {
    if (!(preview && error instanceof UnreachableError)) throw error;
    void pulumi.log.warn(
      `${error.message}; the preview shows what would be made, without a look at what is there`,
      parent,
    );
    return [];
  }
}

/** What belongs to the system as a whole: it is there before the first pod. */
interface Shared {
  readonly made: readonly pulumi.CustomResource[];
  /** For what is inside the namespace, and goes with it. */
  inside(manifest: Manifest): pulumi.CustomResourceOptions;
}

function makeShared(model: KubernetesModel, after: readonly pulumi.Resource[], context: Context): Shared {
  const [first, ...rest] = model.shared;
  if (first === undefined) throw new Error("the model has no namespace");
  // a namespace stays with the volumes that are to stay in it
  const kept = present(model).some(({ manifests }) => manifests.some(isKept));
  const namespace = makeObject(first, undefined, { retainOnDelete: kept }, context);
  const inside = (manifest: Manifest): pulumi.CustomResourceOptions => ({
    // what is not the cluster's own comes after its definition; the namespace does not, so that both end at one time
    dependsOn: manifest.apiVersion.startsWith("monitoring.coreos.com/") ? [namespace, ...after] : [namespace],
    ...(kept || isSlowToEnd(manifest) ? {} : { deletedWith: namespace }),
  });
  const others = rest.map((manifest) => makeObject(manifest, undefined, inside(manifest), context));
  return { made: [namespace, ...others], inside };
}

/** A namespace that finds a volume in use when it is to end looks again only many seconds later. */
const isSlowToEnd = ({ kind }: Manifest): boolean => kind === "PersistentVolumeClaim";

/** Whether a workload needs it, and not the other way round. */
function isBefore({ kind }: Manifest): boolean {
  return kinds.indexOf(kind) < kinds.indexOf("Deployment");
}

function makeService(
  service: ServiceModel,
  { made, inside }: Shared,
  others: ReadonlyMap<string, Running>,
  context: Context,
): Running {
  const main = service.manifests.find(({ kind }) => workloadKinds.includes(kind));
  if (main === undefined) throw new Error(`the model of ${service.name} has nothing that runs`);
  const before = service.manifests
    .filter(isBefore)
    .map((manifest) => makeObject(manifest, service, inside(manifest), context));
  const providers = service.waits.flatMap((wait) => context.workloads.get(wait.service) ?? []);
  const needed = [...made, ...before, ...providers];
  // its end is waited for, so that what it uses is there until then
  const workload = makeObject(
    main,
    service,
    { dependsOn: context.active ? mayBeMade(service, others, context).apply(() => needed) : needed },
    context,
  );
  context.workloads.set(service.name, workload);
  for (const manifest of service.manifests)
    if (!isBefore(manifest) && manifest !== main)
      makeObject(manifest, service, { ...inside(manifest), dependsOn: [workload] }, context);
  return bringUp(service, workload, others, context);
}
