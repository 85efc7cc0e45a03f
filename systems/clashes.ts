import { DescriptionError, type Problem } from "../components/core/errors";
import { docker } from "../components/targets/docker/docker";
import { overlap, parseBlock } from "../components/targets/docker/ipv4";
import type { DockerModel, PublishedPort } from "../components/targets/docker/model";
import type { ResolveImage } from "../components/targets/images";
import type { KubernetesModel } from "../components/targets/kubernetes/model";
import { renderOptions } from "../components/targets/kubernetes/options";
import { renderKubernetes } from "../components/targets/kubernetes/render";
import type { StackConfig } from "../config/stack";
import { dockerOptions } from "./docker";
import { kubernetesOptions } from "./kubernetes";
import type { Chosen } from "./plan";

/** Something that a system takes for itself. */
interface Taken {
  readonly system: string;
  readonly what: string;
}

/** Throws a `DescriptionError` with everything that two systems of a stack want for themselves. */
export function refuseClashes(
  config: StackConfig,
  chosen: readonly Pick<Chosen, "name" | "plan">[],
  resolveImage: ResolveImage,
): void {
  const problems =
    config.target === "docker"
      ? dockerClashes(chosen.map(({ name, plan }) => docker(dockerOptions(name, config, resolveImage)).render(plan)))
      : kubernetesClashes(
          chosen.map(({ name, plan }) =>
            renderKubernetes(plan, renderOptions(name, kubernetesOptions(name, config, resolveImage))),
          ),
        );
  if (problems.length > 0) throw new DescriptionError("systems of the stack", problems);
}

/** What systems on one engine want for themselves and another one has: ports of the host, addresses, names. */
export function dockerClashes(models: readonly DockerModel[]): readonly Problem[] {
  return [
    ...portClashes(models),
    ...subnetClashes(models),
    ...nameClashes(models.flatMap((model) => namesOf(model).map((what) => ({ system: model.system, what })))),
  ];
}

/** What systems in one cluster want for themselves and another one has: namespaces, and names behind the ingress. */
export function kubernetesClashes(models: readonly KubernetesModel[]): readonly Problem[] {
  return nameClashes(
    models.flatMap(({ system, namespace, services }) => {
      const manifests = services.flatMap((service) => service.manifests);
      const hosts = manifests.flatMap((manifest) =>
        manifest.kind === "Ingress" ? manifest.spec.rules.map(({ host }) => host) : [],
      );
      return [`namespace ${namespace}`, ...hosts.map((host) => `host name ${host}`)].map((what) => ({ system, what }));
    }),
  );
}

interface TakenPort extends PublishedPort {
  readonly system: string;
  readonly service: string;
}

function portClashes(models: readonly DockerModel[]): readonly Problem[] {
  const ports = models.flatMap(({ system, services }) =>
    services.flatMap(({ name, containers }) =>
      containers.flatMap(({ args }) => (args.ports ?? []).map((port) => ({ ...port, system, service: name }))),
    ),
  );
  const free = Math.ceil((Math.max(0, ...ports.map(({ external }) => external)) + 1) / 1000) * 1000;
  return pairs(ports, isSamePort).map(([first, second]) => ({
    path: `hostPortBase.${second.system}`,
    given: `gives ${second.service} the port ${second.external} of the host, which ${first.system} gives to ${first.service}`,
    remedy: `choose another base: pulumi config set --path hostPortBase.${second.system} ${free}`,
  }));
}

/** A port of one address is taken by who has it on all addresses, too. */
function isSamePort(one: TakenPort, other: TakenPort): boolean {
  const everywhere = "0.0.0.0";
  const meet = one.ip === other.ip || one.ip === everywhere || other.ip === everywhere;
  return meet && one.external === other.external && one.protocol === other.protocol;
}

function subnetClashes(models: readonly DockerModel[]): readonly Problem[] {
  const networks = models.flatMap(({ system, networks }) => networks.map((network) => ({ ...network, system })));
  return pairs(networks, (one, other) => meet(one.subnet, other.subnet)).map(([first, second]) => ({
    path: `systemSubnets.${second.system}`,
    given: `gives the network ${second.name} ${second.subnet}, where ${first.system} has ${first.name} with ${first.subnet}`,
    remedy: "give each system a block of its own, or leave the key out",
  }));
}

function meet(one: string, other: string): boolean {
  const [a, b] = [parseBlock(one), parseBlock(other)];
  return a !== undefined && b !== undefined && overlap(a, b);
}

function namesOf({ networks, services }: DockerModel): readonly string[] {
  return [
    ...networks.map(({ name }) => `network ${name}`),
    ...services.flatMap(({ volumes }) => volumes.map(({ name }) => `volume ${name}`)),
    ...services.flatMap(({ carriers, containers }) =>
      [...carriers, ...containers].map(({ name }) => `container ${name}`),
    ),
  ];
}

function nameClashes(taken: readonly Taken[]): readonly Problem[] {
  return pairs(taken, (one, other) => one.what === other.what).map(([first, second]) => ({
    path: "namePrefix",
    given: `makes the ${second.what} both ${first.system}'s and ${second.system}'s`,
    remedy: "choose a shorter prefix, or none",
  }));
}

/** Every two things of different systems that cannot both be. */
function pairs<Item extends { readonly system: string }>(
  items: readonly Item[],
  clash: (one: Item, other: Item) => boolean,
): readonly (readonly [Item, Item])[] {
  return items.flatMap((second, index) =>
    items
      .slice(0, index)
      .filter((first) => first.system !== second.system && clash(first, second))
      .map((first) => [first, second] as const),
  );
}
