import { randomUUID } from "node:crypto";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Realised, Scope } from "../target";
import { allUp, awaited, bringUp, type Running } from "./bring-up";
import { connectCluster } from "./cluster";
import { type ClusterChoice, readKubeconfig } from "./kubeconfig";
import { type KubernetesModel, kinds, type Manifest, type ServiceModel } from "./model";
import { type Context, makeObject } from "./realise-object";

/** Makes the objects of a model, each service's when what it waits for is up, and waits until all are. */
export function realiseKubernetes(model: KubernetesModel, scope: Scope, choice: ClusterChoice): Realised {
  const context = prepare(model, scope, choice);
  const shared = makeShared(model, context);
  const present = model.services.filter(({ omitted }) => omitted === undefined);
  const running = new Map<string, Running>();
  for (const service of present) running.set(service.name, makeService(service, shared, running, context));
  return {
    addresses: allUp(model, [...running.values()]),
    omitted: Object.fromEntries(
      model.services.flatMap(({ name, omitted }) => (omitted === undefined ? [] : [[name, omitted]])),
    ),
  };
}

function prepare({ namespace }: KubernetesModel, scope: Scope, choice: ClusterChoice): Context {
  const cluster = connectCluster(readKubeconfig(choice, process.env));
  const parent = scope.parentOf(undefined);
  // the state keeps the first value, and everything that is made carries it
  const owner = new pulumi.Stash(`${namespace}-owner`, { input: randomUUID() }, { parent, ignoreChanges: ["input"] });
  const { context, kubeconfig } = choice;
  const provider = new Provider(
    `${namespace}-cluster`,
    { context, enableServerSideApply: true, ...(kubeconfig === undefined ? {} : { kubeconfig }) },
    { parent },
  );
  return {
    // a preview changes nothing, and neither does a unit test with Pulumi's mocks, behind which there is no cluster
    active: !pulumi.runtime.isDryRun() && pulumi.runtime.getEngine() !== undefined,
    cluster,
    namespace,
    scope,
    provider,
    owner: owner.output.apply((id: string) => id),
    workloads: new Map(),
  };
}

/** The namespace, and what holds for all of it before the first pod is there. */
function makeShared({ shared }: KubernetesModel, context: Context): readonly pulumi.CustomResource[] {
  const made: pulumi.CustomResource[] = [];
  for (const manifest of shared) made.push(makeObject(manifest, undefined, { dependsOn: made.slice(0, 1) }, context));
  return made;
}

/** What a workload needs before it, and what needs the workload. */
function isBefore({ kind }: Manifest): boolean {
  return kinds.indexOf(kind) < kinds.indexOf("Deployment");
}

const workloads: readonly Manifest["kind"][] = ["Deployment", "StatefulSet", "Job", "CronJob"];

function makeService(
  service: ServiceModel,
  shared: readonly pulumi.CustomResource[],
  others: ReadonlyMap<string, Running>,
  context: Context,
): Running {
  const make = (manifest: Manifest, dependsOn: pulumi.CustomResourceOptions["dependsOn"]): pulumi.CustomResource =>
    makeObject(manifest, service, { dependsOn: dependsOn ?? [] }, context);
  const workload = service.manifests.find(({ kind }) => workloads.includes(kind));
  if (workload === undefined) throw new Error(`the model of ${service.name} has nothing that runs`);
  const before = service.manifests.filter(isBefore).map((manifest) => make(manifest, [...shared]));
  const providers = service.waits.flatMap((wait) => context.workloads.get(wait.service) ?? []);
  const dependencies = [...shared, ...before, ...providers];
  const ready = context.active ? awaited(service, others).apply(() => dependencies) : dependencies;
  const made = make(workload, ready);
  context.workloads.set(service.name, made);
  for (const manifest of service.manifests) if (!isBefore(manifest) && manifest !== workload) make(manifest, [made]);
  return bringUp(service, made, context);
}
