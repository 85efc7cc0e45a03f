import type { Links } from "../../monitoring/links";
import { type ResolveImage, withoutBuilds } from "../images";

/** How public HTTP ports are reached from outside the cluster. */
export interface IngressOptions {
  /** Every public port gets a name of its own in this domain. */
  readonly domain: string;
  /** Class of the ingress controller. @default - the cluster's default class */
  readonly className?: string | undefined;
  /** Whether the ports are reached by HTTPS. @default - only with a tlsSecret */
  readonly tls?: boolean | undefined;
  /** Secret with a certificate for the names, in the system's namespace. @default - the ingress controller's own certificate */
  readonly tlsSecret?: string | undefined;
  /** Namespace that the controller runs in; nobody else may reach a public port from outside the system. @default ingress */
  readonly namespace?: string | undefined;
}

export interface RenderingOptions {
  /** Namespace of the system; no other one is touched. @default - the system's name */
  readonly namespace?: string | undefined;
  /** @default - the cluster's default class */
  readonly storageClass?: string | undefined;
  /** Whether all volumes stay when the stack is destroyed, not only those that ask for it. @default false */
  readonly keepVolumes?: boolean | undefined;
  /** What an image of a description is for the nodes. @default - strings as they are, and no builds */
  readonly resolveImage?: ResolveImage | undefined;
  /** Upstream reference of an image with `sh` and `getent`, for start gates. @default alpine:3.22.2 */
  readonly gateImage?: string | undefined;
  /** @default - none, and public HTTP ports are refused */
  readonly ingress?: IngressOptions | undefined;
  /** How much of their time alerts have to hold, where the cluster watches. @default 1 */
  readonly alertTimeScale?: number | undefined;
  /** Where that is which those alerts lead to. @default - nothing has an address */
  readonly links?: Links | undefined;
  /** Namespace of a monitoring stack that may reach every metrics port. @default - none may */
  readonly monitoringNamespace?: string | undefined;
  /**
   * Blocks of addresses that the name of something outside never stands for, so that permission to reach it is none to
   * reach the cluster, its nodes, or their cloud's metadata. @default - private, shared and link-local addresses
   */
  readonly internalRanges?: readonly string[] | undefined;
}

/** The options with their defaults, for one system. */
export interface RenderOptions {
  readonly namespace: string;
  readonly storageClass: string | undefined;
  readonly keepVolumes: boolean;
  readonly resolveImage: ResolveImage;
  readonly gateImage: string;
  readonly ingress: (IngressOptions & { readonly namespace: string }) | undefined;
  readonly alertTimeScale: number;
  readonly links: Links;
  readonly monitoringNamespace: string | undefined;
  readonly internalRanges: readonly string[];
}

export const internalRanges: readonly string[] = [
  ...["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
  ...["fc00::/7", "fe80::/10"],
];

export function renderOptions(system: string, options: RenderingOptions): RenderOptions {
  return {
    namespace: options.namespace ?? system,
    storageClass: options.storageClass,
    keepVolumes: options.keepVolumes ?? false,
    resolveImage: options.resolveImage ?? withoutBuilds("kubernetes"),
    gateImage: options.gateImage ?? "alpine:3.22.2",
    ingress: options.ingress && { ...options.ingress, namespace: options.ingress.namespace ?? "ingress" },
    alertTimeScale: options.alertTimeScale ?? 1,
    links: options.links ?? {},
    monitoringNamespace: options.monitoringNamespace,
    internalRanges: options.internalRanges ?? internalRanges,
  };
}
