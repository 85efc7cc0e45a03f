import type { z } from "zod";
import { apiPath } from "./api-paths";
import { connect, type Read } from "./client";
import type { Access, ClusterChoice } from "./kubeconfig";
import {
  type ClusterEvent,
  eventList,
  type Metadata,
  metadataList,
  metadataOnly,
  type Pod,
  podList,
  type Workload,
  workloadObject,
} from "./live";

/** Kinds that run the pods of a service to an end that can be waited for. */
export type WorkloadKind = "Deployment" | "StatefulSet" | "Job";

/** The few questions to a cluster that the provider does not ask. What is not there is `undefined`. */
export interface Cluster {
  /** Name of the context, for messages. */
  readonly context: string;
  /** How a person begins a command for this cluster. */
  readonly kubectl: string;
  namespace(name: string): Promise<Metadata | undefined>;
  /** Names and labels of the objects of a kind, in a namespace or outside of all. */
  objects(apiVersion: string, plural: string, namespace?: string): Promise<readonly Metadata[]>;
  /** Whether the cluster has an API of that group and version. */
  serves(apiVersion: string): Promise<boolean>;
  workload(kind: WorkloadKind, namespace: string, name: string): Promise<Workload | undefined>;
  /** The pods of a service, of all revisions. */
  pods(namespace: string, service: string): Promise<readonly Pod[]>;
  /** The replica sets of a service. */
  replicaSets(namespace: string, service: string): Promise<readonly Metadata[]>;
  events(namespace: string): Promise<readonly ClusterEvent[]>;
  /** The last lines of a container, or of the one before it in its place. */
  logs(namespace: string, pod: string, container: string, previous: boolean, lines: number): Promise<string>;
}

const workloadPaths: Readonly<Record<WorkloadKind, string>> = {
  Deployment: "/apis/apps/v1/namespaces/NAMESPACE/deployments/",
  StatefulSet: "/apis/apps/v1/namespaces/NAMESPACE/statefulsets/",
  Job: "/apis/batch/v1/namespaces/NAMESPACE/jobs/",
};
/** Of each object its metadata alone. */
const metadataAlone = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

export function connectCluster(choice: ClusterChoice, access: Access): Cluster {
  return clusterOf(choice, connect(access));
}

/** The questions, put to whatever answers them. */
export function clusterOf({ context, kubeconfig }: ClusterChoice, read: Read): Cluster {
  const get = async <Data>(path: string, schema: z.ZodType<Data>, accept?: string): Promise<Data | undefined> => {
    const body = await read(path, accept);
    return body === undefined ? undefined : schema.parse(JSON.parse(body, withoutNulls));
  };
  const selected = (service: string): string =>
    `?labelSelector=${encodeURIComponent(`app.kubernetes.io/name=${service}`)}`;
  return {
    context,
    kubectl: `kubectl${kubeconfig === undefined ? "" : ` --kubeconfig ${kubeconfig}`} --context ${context}`,
    namespace: async (name) => (await get(`/api/v1/namespaces/${name}`, metadataOnly))?.metadata,
    objects: async (apiVersion, plural, namespace) => {
      const path = `${apiPath(apiVersion)}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${plural}`;
      return ((await get(path, metadataList, metadataAlone))?.items ?? []).map(({ metadata }) => metadata);
    },
    serves: async (apiVersion) => (await read(apiPath(apiVersion))) !== undefined,
    workload: (kind, namespace, name) =>
      get(`${workloadPaths[kind].replace("NAMESPACE", namespace)}${name}`, workloadObject),
    pods: async (namespace, service) =>
      (await get(`/api/v1/namespaces/${namespace}/pods${selected(service)}`, podList))?.items ?? [],
    replicaSets: async (namespace, service) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/replicasets${selected(service)}`;
      return ((await get(path, metadataList, metadataAlone))?.items ?? []).map(({ metadata }) => metadata);
    },
    events: async (namespace) => {
      const list = await get(`/api/v1/namespaces/${namespace}/events`, eventList);
      return (list?.items ?? []).map(eventOf).sort((a, b) => a.at - b.at);
    },
    logs: async (namespace, pod, container, previous, lines) => {
      const query = `container=${container}&tailLines=${lines}${previous ? "&previous=true" : ""}`;
      return (await read(`/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`, "*/*")) ?? "";
    },
  };
}

/** The API leaves out some of what is empty, and says of the rest that it is null. */
const withoutNulls = (_: string, value: unknown): unknown => (value === null ? undefined : value);

function eventOf(event: z.output<typeof eventList>["items"][number]): ClusterEvent {
  const { involvedObject, type, reason, message, lastTimestamp, eventTime, metadata } = event;
  return {
    ...involvedObject,
    reason: reason ?? "",
    message: message ?? "",
    warning: type === "Warning",
    at: Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? ""),
  };
}
