import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { Log, type V1ContainerStatus, type V1Pod, Watch } from "@kubernetes/client-node";
import { stackAnnotation } from "../../../components/targets/kubernetes/names";
import { support } from "../../../components/targets/kubernetes/support";
import { eventually } from "../eventually";
import type { Ended, Instance, LiveTarget, Published, Said } from "../live-target";
import type { Cluster } from "./cluster";
import { clusterWideKinds, describedKinds, shownKinds } from "./kinds";
import { runInside } from "./run-inside";

/** What was deployed in a namespace, or in those whose names begin with it and a dash, seen through the cluster's API. */
export class LiveKubernetes implements LiveTarget {
  readonly id = "kubernetes";
  readonly support = support;
  readonly #cluster: Cluster;
  readonly #prefix: string;

  constructor(cluster: Cluster, prefix: string) {
    this.#cluster = cluster;
    this.#prefix = prefix;
  }

  /** Pods on their way out are no copies any more. */
  async instances(service: string): Promise<readonly Instance[]> {
    const pods = await this.#pods(service);
    return pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined).map((pod) => instanceOf(pod));
  }

  exec(instance: Instance, argv: readonly string[]): Promise<Said> {
    const { namespace, name } = placeOf(instance);
    return runInside(this.#cluster.config, { namespace, pod: name, container: instance.service }, argv);
  }

  /** A node keeps the log of a container and that of the one before it. */
  async logs(instance: Instance): Promise<string> {
    const { namespace, name } = placeOf(instance);
    const read = (previous: boolean) =>
      this.#cluster.core.readNamespacedPodLog({ namespace, name, container: instance.service, previous });
    return (await (instance.restarts > 0 ? read(true) : "")) + (await read(false));
  }

  async follow(instance: Instance): Promise<{ readonly ended: Promise<string> }> {
    const { namespace, name } = placeOf(instance);
    const stream = new PassThrough();
    await new Log(this.#cluster.config).log(namespace, name, instance.service, stream, { follow: true });
    return { ended: text(stream) };
  }

  async addresses(instance: Instance): Promise<readonly string[]> {
    const { namespace, name } = placeOf(instance);
    const { status } = await this.#cluster.core.readNamespacedPod({ namespace, name });
    const services = await this.#cluster.core.listNamespacedService({ namespace });
    const virtual = services.items
      .filter(({ metadata }) => metadata?.name === instance.service)
      .flatMap(({ spec }) => spec?.clusterIPs ?? []);
    return [...(status?.podIPs ?? []).map(({ ip }) => ip), ...virtual].filter((ip) => ip !== "None");
  }

  /** Names behind the cluster's ingress, and ports that a node opens. */
  async published(service: string): Promise<readonly Published[]> {
    const { core, networking } = this.#cluster;
    const own = ({ metadata }: { metadata?: { name?: string; namespace?: string } }): boolean =>
      metadata?.name === service && this.#isOurs(metadata.namespace);
    const [address = ""] = (await core.listNode()).items.flatMap(({ status }) =>
      (status?.addresses ?? []).filter(({ type }) => type === "InternalIP").map((each) => each.address),
    );
    const ingresses = (await networking.listIngressForAllNamespaces()).items.filter(own);
    const services = (await core.listServiceForAllNamespaces()).items.filter(own);
    const containers = (await this.#pods(service)).flatMap(({ spec }) => spec?.containers ?? []);
    const numbers = [
      ...services.flatMap(({ spec }) => (spec?.ports ?? []).map(({ nodePort }) => nodePort)),
      ...containers.flatMap(({ ports }) => (ports ?? []).map(({ hostPort }) => hostPort)),
    ].filter((number) => number !== undefined);
    return [
      ...ingresses.flatMap(({ spec }) =>
        (spec?.rules ?? []).map(({ host }) => ({
          address,
          port: spec?.tls === undefined ? 80 : 443,
          ...(host === undefined ? {} : { host }),
        })),
      ),
      ...numbers.map((port) => ({ address, port })),
    ];
  }

  /** Secrets are not among it: whoever may look at a system's objects may not look into those. */
  async metadata(): Promise<string> {
    const namespaces = await this.#namespaces();
    const lists = await Promise.all(
      namespaces.flatMap((namespace) => shownKinds.map((kind) => this.#list(kind, namespace))),
    );
    return JSON.stringify(lists);
  }

  async stop(instance: Instance): Promise<Ended> {
    const { namespace, name, uid } = placeOf(instance);
    const { ended: log } = await this.follow(instance);
    const last = this.#lastOf(namespace, name, uid);
    await this.#cluster.core.deleteNamespacedPod({ namespace, name, body: { preconditions: { uid } } });
    return { exitCode: exitCodeOf(await last, instance.service), log: await log };
  }

  async objects(): Promise<readonly string[]> {
    const namespaces = await this.#namespaces();
    const named = namespaces.flatMap((namespace) =>
      describedKinds.map(async (kind) => {
        const objects = await this.#list(kind, namespace);
        const label = kind.kind === "PersistentVolumeClaim" ? "volume" : kind.kind.toLowerCase();
        return objects
          .map(({ metadata }) => metadata?.name ?? "")
          .filter((name) => !everywhere.has(name))
          .map((name) => `${label} ${name}`);
      }),
    );
    const orphans = await this.#orphanedVolumes();
    const all = [...namespaces.map((name) => `namespace ${name}`), ...(await Promise.all(named)).flat(), ...orphans];
    return all.sort();
  }

  async sweep(): Promise<void> {
    const { core } = this.#cluster;
    for (const name of await this.#namespaces()) {
      await core.deleteNamespace({ name });
      await core.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 0 });
    }
    for (const kind of clusterWideKinds)
      for (const { metadata } of await this.#list(kind))
        if (metadata?.annotations?.[stackAnnotation]?.endsWith(`/${this.#prefix}`) === true)
          await this.#cluster.objects.delete({ ...kind, metadata });
    await eventually(async () => assert.deepEqual(await this.objects(), []), 60);
  }

  /** Volumes whose claim is gone; the storage class is about to remove them, if it ever does. */
  async #orphanedVolumes(): Promise<readonly string[]> {
    const { items } = await this.#cluster.core.listPersistentVolume();
    return items
      .filter(({ spec, status }) => this.#isOurs(spec?.claimRef?.namespace) && status?.phase !== "Bound")
      .map(({ metadata }) => `volume ${metadata?.name ?? ""}`);
  }

  /** A pod as it was when it was deleted. */
  #lastOf(namespace: string, name: string, uid: string): Promise<V1Pod> {
    return new Promise((resolve, reject) => {
      const watch = new Watch(this.#cluster.config).watch(
        `/api/v1/namespaces/${namespace}/pods`,
        { fieldSelector: `metadata.name=${name}` },
        (phase: string, pod: V1Pod) => {
          if (phase !== "DELETED" || pod.metadata?.uid !== uid) return;
          resolve(pod);
          void watch.then((controller) => controller.abort());
        },
        (error: unknown) =>
          reject(error instanceof Error ? error : new Error(`nothing was heard of the end of ${name}`)),
      );
      watch.catch(reject);
    });
  }

  async #pods(service: string): Promise<readonly V1Pod[]> {
    const { items } = await this.#cluster.core.listPodForAllNamespaces({
      labelSelector: `app.kubernetes.io/name=${service}`,
    });
    const key = ({ metadata }: V1Pod): string =>
      `${metadata?.creationTimestamp?.toISOString() ?? ""} ${metadata?.name ?? ""}`;
    return items.filter(({ metadata }) => this.#isOurs(metadata?.namespace)).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  async #list({ apiVersion, kind }: (typeof shownKinds)[number], namespace?: string) {
    return (await this.#cluster.objects.list(apiVersion, kind, namespace)).items;
  }

  async #namespaces(): Promise<readonly string[]> {
    const { items } = await this.#cluster.core.listNamespace();
    return items.map(({ metadata }) => metadata?.name ?? "").filter((name) => this.#isOurs(name));
  }

  #isOurs(namespace: string | undefined): boolean {
    return namespace === this.#prefix || namespace?.startsWith(`${this.#prefix}-`) === true;
  }
}

/** What the cluster puts into every namespace. */
const everywhere: ReadonlySet<string> = new Set(["default", "kube-root-ca.crt"]);

interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The successor of a stateful pod has its name, and so an instance is known by the name and the identity. */
export function placeOf({ id }: Instance): Place {
  const [namespace = "", name = "", uid = ""] = id.split("/");
  return { namespace, name, uid };
}

function instanceOf(pod: V1Pod): Instance {
  const { namespace = "", name = "", uid = "", labels = {} } = pod.metadata ?? {};
  const service = labels["app.kubernetes.io/name"] ?? "";
  const status = statusOf(pod, service);
  // a container that has ended may be about to be started again, but not in a pod that has ended
  const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
  return {
    id: `${namespace}/${name}/${uid}`,
    service,
    running: status?.state?.running !== undefined,
    restarts: status?.restartCount ?? 0,
    ...(over ? { exitCode: exitCodeOf(pod, service) } : {}),
  };
}

function statusOf(pod: V1Pod, container: string): V1ContainerStatus | undefined {
  return pod.status?.containerStatuses?.find(({ name }) => name === container);
}

/** How a container has ended; -1 where the node did not say. */
function exitCodeOf(pod: V1Pod, container: string): number {
  return statusOf(pod, container)?.state?.terminated?.exitCode ?? -1;
}
