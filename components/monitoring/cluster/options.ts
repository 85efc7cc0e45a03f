import type { Links } from "../links";
import type { Receivers } from "../receivers/settings";
import { imageName, type ResolveImage, type ResolvedImage } from "../../targets/images";
import { entry, type ImageName, upstream } from "../../../images/table";

/** What the monitoring of a whole cluster is made of. */
export interface ClusterMonitoringOptions {
  /** Its namespace; that of the node agents begins with it. */
  readonly namespace: string;
  /** What samples and alerts say of where they come from. */
  readonly cluster: string;
  /** Whether it asks for what fits beside a system on two cores. */
  readonly small: boolean;
  readonly retentionDays: number;
  /** Volume of each Prometheus, with Mi or Gi. */
  readonly storage: string;
  /** @default - the cluster's default class */
  readonly storageClass?: string | undefined;
  /** Whether volumes stay when the stack is destroyed. */
  readonly keepVolumes: boolean;
  /** Blocks of addresses with the API servers and the nodes. */
  readonly apiServers: readonly string[];
  readonly receivers: Receivers;
  /** Where that is which alerts lead to. */
  readonly links: Links;
  /** How much of the time is waited that alerts and messages wait. */
  readonly alertTimeScale: number;
  readonly resolveImage: ResolveImage;
}

/** Images that every cluster's monitoring has. */
export const imagesOfClusterMonitoring: readonly ImageName[] = [
  ...(["prometheusOperator", "prometheusConfigReloader", "prometheus3", "alertmanager"] as const),
  ...(["kubeStateMetrics", "nodeExporter", "grafana", "k8sSidecar"] as const),
];

/** The namespace of what has to see the nodes, which admits privileged pods. */
export const agentNamespace = (namespace: string): string => `${namespace}-agents`;

/** What an image is called on the nodes. */
export function imageOf(name: ImageName, { resolveImage }: ClusterMonitoringOptions): string {
  return imageName(upstream(name), resolveImage(upstream(name)));
}

/** Why an image cannot be had, as far as that is so. */
export function whyNot(names: readonly ImageName[], { resolveImage }: ClusterMonitoringOptions): string | undefined {
  const unavailable = names.map((name): ResolvedImage => resolveImage(upstream(name))).find(isUnavailable);
  return unavailable?.because;
}

function isUnavailable(image: ResolvedImage): image is Extract<ResolvedImage, { kind: "unavailable" }> {
  return image.kind === "unavailable";
}

/** The version that the operator is to write configuration for: that of the upstream image, which the local build has, too. */
export function versionOf(name: ImageName): string {
  return upstream(name).replace(/^.*:v?/, "");
}

export const userOf = (name: ImageName): { readonly uid: number; readonly gid: number } => entry(name).user;
