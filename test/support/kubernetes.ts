import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import type { SystemBuilder } from "../../components/core/system";
import { defineSystem } from "../../components/core/system";
import type { KubernetesModel, Manifest, NetworkPolicyManifest } from "../../components/targets/kubernetes/model";
import { type RenderingOptions, renderOptions } from "../../components/targets/kubernetes/options";
import type { Container, PodSpec, PodTemplate } from "../../components/targets/kubernetes/pod-model";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";

export const image = "shop/api:1.4.2";

/** What the pods of the service api are selected by. */
export const matchLabels = { "app.kubernetes.io/name": "api" };

/** What Kubernetes makes of a system that is called shop. */
export function kubernetesModelOf(
  describe: (system: SystemBuilder) => void,
  options: RenderingOptions = {},
): KubernetesModel {
  return renderKubernetes(defineSystem("shop", describe).plan(), renderOptions("shop", options));
}

/** What Kubernetes makes of one service, which is called api. */
export function manifestsOfService(spec: Partial<ServiceSpec>, options: RenderingOptions = {}): readonly Manifest[] {
  return manifestsOf(kubernetesModelOf((system) => void system.service("api", { image, ...spec }), options));
}

/** The only object of a kind and name; fails when there is none. */
export function only<Kind extends Manifest["kind"]>(
  manifests: readonly Manifest[],
  kind: Kind,
  name = "api",
): Extract<Manifest, { kind: Kind }> {
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name === name);
  assert.equal(
    found.length,
    1,
    `${kind} ${name} in ${manifests.map((each) => `${each.kind} ${each.metadata.name}`).join(", ")}`,
  );
  return found[0] as Extract<Manifest, { kind: Kind }>;
}

/** Objects of a kind, by their names. */
export function named(manifests: readonly Manifest[], kind: Manifest["kind"]): readonly string[] {
  return manifests.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);
}

/** The pod template of a workload. */
export function templateOf(manifest: Manifest): PodTemplate | undefined {
  switch (manifest.kind) {
    case "Deployment":
    case "StatefulSet":
    case "Job":
      return manifest.spec.template;
    case "CronJob":
      return manifest.spec.jobTemplate.spec.template;
    default:
      return undefined;
  }
}

/** The pod of the service api. */
export function podOf(spec: Partial<ServiceSpec>, options: RenderingOptions = {}): PodSpec {
  const templates = manifestsOfService(spec, options).flatMap((manifest) => templateOf(manifest) ?? []);
  const [template] = templates;
  assert.ok(template !== undefined && templates.length === 1, `there are ${templates.length} workloads`);
  return template.spec;
}

/** The container of the service api. */
export function containerOf(spec: Partial<ServiceSpec>, options: RenderingOptions = {}): Container {
  return podOf(spec, options).containers[0];
}

/** The rules of a service's policy, each as `in|out peer port/protocol`; a peer is a service, a namespace or a block. */
export function rulesOf({ spec }: NetworkPolicyManifest): readonly string[] {
  const { ingress = [], egress = [] } = spec;
  const sides = [
    ...ingress.map(({ from, ports }) => ({ side: "in", peers: from, ports })),
    ...egress.map(({ to, ports }) => ({ side: "out", peers: to, ports })),
  ];
  return sides.flatMap(({ side, peers, ports }) =>
    peers.flatMap((peer) => ports.map(({ port, protocol }) => `${side} ${peerName(peer)} ${port}/${protocol}`)),
  );
}

function peerName(peer: NonNullable<NetworkPolicyManifest["spec"]["ingress"]>[number]["from"][number]): string {
  if ("podSelector" in peer) return String(peer.podSelector.matchLabels["app.kubernetes.io/name"]);
  if ("namespaceSelector" in peer)
    return `namespace:${peer.namespaceSelector.matchLabels["kubernetes.io/metadata.name"]}`;
  const { cidr, except } = peer.ipBlock;
  return except === undefined ? cidr : `${cidr}-${except.join("-")}`;
}
