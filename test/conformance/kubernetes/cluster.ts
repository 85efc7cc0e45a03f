import { existsSync } from "node:fs";
import { connect } from "node:net";
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  NetworkingV1Api,
  PolicyV1Api,
} from "@kubernetes/client-node";
import type { ClusterChoice } from "../../../components/targets/kubernetes/kubeconfig";
import { ownCluster } from "../../../systems/cluster";

/** Where its node takes images from that are built here; make cluster starts it, too. */
export const registry = "127.0.0.1:5055";

/** The interfaces of the cluster that the suite uses. */
export interface Cluster {
  readonly config: KubeConfig;
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly networking: NetworkingV1Api;
  readonly policy: PolicyV1Api;
  readonly objects: KubernetesObjectApi;
}

let connected: Cluster | undefined;

/** The cluster of this clone, and no other one. It need not answer; throws when there is no kubeconfig. */
export function cluster(): Cluster {
  connected ??= clusterOf(ownCluster);
  return connected;
}

/** The cluster that a context means. */
export function clusterOf({ context, kubeconfig }: ClusterChoice): Cluster {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  return {
    config,
    apps: config.makeApiClient(AppsV1Api),
    core: config.makeApiClient(CoreV1Api),
    networking: config.makeApiClient(NetworkingV1Api),
    policy: config.makeApiClient(PolicyV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
  };
}

/** The address from which this machine calls the cluster. */
export function addressForCluster(): Promise<string> {
  const { hostname, port } = new URL(cluster().config.getCurrentCluster()?.server ?? "");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once("error", reject).once("connect", () => {
      resolve(socket.localAddress ?? "");
      socket.destroy();
    });
  });
}

/** What the suite needs of a cluster and this one lacks, or undefined. */
export async function missingCluster(): Promise<string | undefined> {
  if (!existsSync(ownCluster.kubeconfig)) return "there is no cluster: make cluster starts one";
  const nodes = await cluster()
    .core.listNode()
    .catch((error: unknown) => String(error));
  if (typeof nodes === "string") return `the cluster does not answer (${nodes.split("\n")[0]}): make cluster starts it`;
  const ready = nodes.items.some(({ status }) =>
    status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True"),
  );
  if (!ready) return "no node of the cluster is ready: make cluster says why";
  const answer = await fetch(`http://${registry}/v2/`).catch((error: unknown) => error);
  return answer instanceof Response && answer.ok
    ? undefined
    : `the image registry at ${registry} does not answer: make cluster starts it`;
}
