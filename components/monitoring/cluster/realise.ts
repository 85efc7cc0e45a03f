import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Value } from "../../core/value";
import { sorted } from "../../targets/names";
import { type ConfigSecrets, realiseSecrets } from "../../targets/realise-secrets";
import { resolveValue } from "../../targets/resolve-value";
import type { Scope } from "../../targets/target";
import { blaming } from "../../targets/blame";
import { type Cluster, connectCluster, type WorkloadKind } from "../../targets/kubernetes/cluster";
import { type ClusterChoice, readKubeconfig } from "../../targets/kubernetes/kubeconfig";
import { ownerLabel, stackAnnotation } from "../../targets/kubernetes/names";
import { instructions, KubernetesObject } from "../../targets/kubernetes/realise-object";
import { settle } from "../../targets/kubernetes/settle";
import type { ClusterMonitoringModel } from "./manifests";
import type { ClusterObject } from "./objects";

export interface ClusterMonitoringArgs {
  readonly model: ClusterMonitoringModel;
  /** The definitions of the operator's kinds that the cluster lacks, or that are this stack's. */
  readonly definitions: readonly ClusterObject[];
  readonly cluster: ClusterChoice;
  /** Secrets that come from the stack's configuration, by key. */
  readonly configSecrets: ConfigSecrets;
}

/** The monitoring of a cluster, deployed once for all systems on it. */
export class ClusterMonitoring extends pulumi.ComponentResource {
  /** The definitions of the operator's kinds: whoever makes objects of these comes after them. */
  readonly definitions: readonly pulumi.CustomResource[];
  /** How to reach its pages. Resolves when all of it is up. */
  readonly endpoints: pulumi.Output<Record<string, string>>;
  /** Parts that could not be deployed, with the reason. */
  readonly omitted: Readonly<Record<string, string>>;

  constructor(name: string, args: ClusterMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twofold:index:ClusterMonitoring", name, {}, opts);
    const context = contextOf(name, args, this);
    this.definitions = args.definitions.map((definition) => make(definition, {}, context));
    const made = makeAll(args.model, this.definitions, context);
    const up = context.active ? pulumi.all(awaited.map((each) => bringUp(each, made, context))) : pulumi.output([]);
    this.endpoints = up.apply(() => forwards(args.model, context));
    for (const [part, because] of Object.entries(args.model.omitted))
      void pulumi.log.warn(`${part} is left out: ${because}`, this);
    this.omitted = args.model.omitted;
    this.registerOutputs({ endpoints: this.endpoints, omitted: this.omitted });
  }
}

interface Context {
  readonly scope: Scope;
  readonly parent: pulumi.Resource;
  readonly name: string;
  readonly namespace: string;
  readonly provider: Provider;
  readonly owner: pulumi.Output<string>;
  readonly stack: string;
  /** Whether there is a cluster to wait for. */
  readonly active: boolean;
  readonly cluster: Cluster;
}

function contextOf(
  name: string,
  { model, cluster: choice, configSecrets }: ClusterMonitoringArgs,
  parent: pulumi.Resource,
): Context {
  const access = readKubeconfig(choice, process.env);
  const owner = new pulumi.Stash(`${name}-owner`, { input: randomUUID() }, { parent, ignoreChanges: ["input"] });
  const provider = new Provider(
    `${name}-cluster`,
    {
      context: access.context,
      kubeconfig: access.file,
      enableServerSideApply: true,
      enableConfigMapMutable: true,
      enableSecretMutable: true,
    },
    { parent },
  );
  return {
    scope: {
      parentOf: () => parent,
      secret: realiseSecrets(model.secrets, configSecrets, { name, component: parent }),
    },
    parent,
    name,
    namespace: model.namespace,
    provider,
    owner: owner.output.apply((id: string): string => id),
    stack: `${pulumi.getProject()}/${pulumi.getStack()}`,
    active: pulumi.runtime.getEngine() !== undefined && !pulumi.runtime.isDryRun(),
    cluster: connectCluster(choice, access),
  };
}

/** Kinds that need nothing to be there but their namespace. */
const first: readonly string[] = [
  ...["LimitRange", "NetworkPolicy", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  ...["ConfigMap", "Secret", "PersistentVolumeClaim", "Service", "PodDisruptionBudget"],
];

type Made = ReadonlyMap<string, pulumi.CustomResource>;
const keyOf = ({ kind, metadata }: ClusterObject): string =>
  `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;

function makeAll(
  { objects }: ClusterMonitoringModel,
  definitions: readonly pulumi.CustomResource[],
  context: Context,
): Made {
  const made = new Map<string, pulumi.CustomResource>();
  const add = (chosen: (object: ClusterObject) => boolean, dependsOn: readonly pulumi.Resource[]): void => {
    for (const object of objects.filter(chosen)) {
      const { namespace } = object.metadata;
      // it goes with its namespace, and whatever is in it
      const home = namespace === undefined ? undefined : made.get(`Namespace ${namespace}`);
      const options = { dependsOn: [...dependsOn], ...(home === undefined ? {} : { deletedWith: home }) };
      made.set(keyOf(object), make(object, options, context));
    }
  };
  const own = (kind: string): boolean => kind === "Namespace";
  // namespaces do not come after the definitions, so that all of them end at one time
  add(({ kind }) => own(kind), []);
  const namespaces = [...made.values()];
  add(({ kind }) => first.includes(kind), namespaces);
  const needed = [...definitions, ...made.values()];
  add(({ kind }) => !own(kind) && !first.includes(kind), needed);
  return made;
}

function make(object: ClusterObject, options: pulumi.CustomResourceOptions, context: Context): pulumi.CustomResource {
  const { parent, provider, owner, stack, name } = context;
  const { metadata, kind } = object;
  const place = metadata.namespace === undefined || metadata.namespace === context.namespace ? "" : "agents-";
  const complete = {
    ...object,
    ...(kind === "Secret" ? { stringData: resolved(object, context) } : {}),
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [ownerLabel]: owner },
      annotations: { ...metadata.annotations, [stackAnnotation]: stack, ...instructions, ...waitingOf(kind) },
    },
  };
  return new KubernetesObject(`${name}-${place}${metadata.name}`, complete, {
    ...options,
    ...(kind === "Secret" ? { additionalSecretOutputs: ["data", "stringData"] } : {}),
    provider,
    parent,
  });
}

function resolved({ stringData }: ClusterObject, { scope }: Context): Record<string, pulumi.Output<string>> {
  const values = sorted(stringData as Readonly<Record<string, Value>>);
  return Object.fromEntries(values.map(([key, value]) => [key, resolveValue(value, scope)]));
}

/** As with systems: the program waits itself, and knows more when it is in vain. */
function waitingOf(kind: string): Readonly<Record<string, string>> {
  if (kind === "Deployment") return { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };
  if (kind === "DaemonSet") return { "pulumi.com/timeoutSeconds": "180" };
  return ["Service", "PersistentVolumeClaim"].includes(kind) ? { "pulumi.com/skipAwait": "true" } : {};
}

/** What is waited for: what this program makes, and what the operator makes of that. */
const awaited: readonly Awaited[] = [
  { kind: "Deployment", name: "prometheus-operator", of: "Deployment", part: "prometheus-operator" },
  { kind: "Deployment", name: "kube-state-metrics", of: "Deployment", part: "kube-state-metrics" },
  { kind: "Deployment", name: "grafana", of: "Deployment", part: "grafana" },
  { kind: "StatefulSet", name: "prometheus-main", of: "Prometheus", part: "prometheus" },
  { kind: "StatefulSet", name: "alertmanager-main", of: "Alertmanager", part: "alertmanager" },
];

interface Awaited {
  readonly kind: WorkloadKind;
  readonly name: string;
  /** Kind of the object that it comes from. */
  readonly of: string;
  /** Under which its pods are found. */
  readonly part: string;
}

const goal = { until: "ready", withinSeconds: 300, checkSeconds: 240, stubborn: false } as const;

function bringUp({ kind, name, of, part }: Awaited, made: Made, context: Context): pulumi.Output<unknown> {
  const { namespace, cluster } = context;
  const resource = made.get(`${of} ${namespace}/${of === kind ? name : "main"}`);
  if (resource === undefined) return pulumi.output(undefined);
  const seen = { ...cluster, pods: (where: string) => cluster.pods(where, part) };
  const tell = (progress: string) => void pulumi.log.info(progress, resource, undefined, true);
  const wait = async (): Promise<void> => {
    await appearance(cluster, kind, namespace, name);
    await settle({ cluster: seen, kind, namespace, name, goal, madeAt: Date.now(), secrets: [], tell });
  };
  return resource.id.apply(() => blaming(resource, wait()));
}

const appearanceMilliseconds = 240_000;

/** Waits until the operator has made it. */
async function appearance(cluster: Cluster, kind: WorkloadKind, namespace: string, name: string): Promise<void> {
  const begin = Date.now();
  while ((await cluster.workload(kind, namespace, name)) === undefined) {
    if (Date.now() - begin > appearanceMilliseconds)
      throw new Error(
        `${kind} ${name} was not made by the operator; see ${cluster.kubectl} -n ${namespace} logs deployment/prometheus-operator`,
      );
    await sleep(500);
  }
}

function forwards({ omitted }: ClusterMonitoringModel, { namespace, cluster }: Context): Record<string, string> {
  const pages = { prometheus: 9090, alertmanager: 9093, grafana: 3000 };
  return Object.fromEntries(
    Object.entries(pages).flatMap(([name, port]) =>
      omitted[name] === undefined
        ? [[name, `${cluster.kubectl} -n ${namespace} port-forward service/${name} ${port}:${port}`]]
        : [],
    ),
  );
}
