import type { ResolveImage } from "../components/targets/images";
import type { RenderingOptions } from "../components/targets/kubernetes/options";
import { shortened } from "../components/targets/names";
import type { StackConfig } from "../config/stack";
import { upstream } from "../images/table";
import { prefixed } from "./prefix";

/** It has sh and getent in both sources of images, and the nodes have it already: the workloads are built on it. */
export const gateImage = upstream("node24");

/** How a stack's configuration wants a system on Kubernetes. */
export function kubernetesOptions(system: string, config: StackConfig, resolveImage: ResolveImage): RenderingOptions {
  const { storageClass, domain, ingressClass, tls, tlsSecret, ingressNamespace } = config.kubernetes;
  return {
    namespace: shortened(prefixed(system, config)),
    storageClass,
    keepVolumes: config.keepVolumes,
    resolveImage,
    gateImage,
    alertTimeScale: config.alertTimeScale,
    links: config.links,
    monitoringNamespace: monitoringNamespaceOf(config),
    ingress:
      domain === undefined
        ? undefined
        : { domain, className: ingressClass, tls, tlsSecret, namespace: ingressNamespace },
  };
}

/** Where the cluster's monitoring is, as far as there is one. */
export function monitoringNamespaceOf(config: StackConfig): string | undefined {
  const { monitoring, kubernetes } = config;
  return kubernetes.monitoringNamespace ?? (monitoring === "cluster" ? prefixed("monitoring", config) : undefined);
}
