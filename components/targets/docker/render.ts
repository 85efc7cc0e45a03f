import type { Problem } from "../../core/errors";
import type { ServicePlan, SystemPlan } from "../../core/plan-types";
import { fileProblems } from "../file-problems";
import { imageName, type ResolveImage } from "../images";
import { shortened, sorted } from "../names";
import { addressesOf, containerArgs, type PublishOptions, portProblems } from "./container";
import { carriersOf, refuse } from "./files";
import { goalOf } from "./health";
import type { ContainerModel, DockerModel, ServiceModel, VolumeModel } from "./model";
import { containerName } from "./names";
import { type NetworkOptions, type Networks, networksOf } from "./networks";

export interface RenderOptions extends NetworkOptions, PublishOptions {
  readonly resolveImage: ResolveImage;
  /** Whether every volume stays when the stack is destroyed. */
  readonly keepVolumes: boolean;
  /** Labels that every container gets besides those with its place in the system. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Turns a plan into Docker objects. Throws a `DescriptionError` with everything that cannot be had here. */
export function renderDocker(plan: SystemPlan, options: RenderOptions): DockerModel {
  refuse(
    plan.name,
    plan.services.flatMap((service) => problemsOf(service, options)),
  );
  const networks = networksOf(plan, copiesOf, options);
  return {
    system: plan.name,
    prefix: options.prefix,
    networks: networks.networks,
    services: plan.services.map((service) => renderService({ networks, options }, service)),
  };
}

function problemsOf(service: ServicePlan, options: RenderOptions): readonly Problem[] {
  return [...fileProblems(service, "Docker"), ...portProblems(service, options)];
}

/** There is no autoscaler on one machine: a service that scales runs with its least number. */
function copiesOf({ replicas, autoscale }: ServicePlan): number {
  return autoscale?.min ?? replicas;
}

interface Surroundings {
  readonly networks: Networks;
  readonly options: RenderOptions;
}

function renderService(surroundings: Surroundings, service: ServicePlan): ServiceModel {
  const copies = copiesOf(service);
  const resolved = surroundings.options.resolveImage(service.image);
  const image = imageName(service.image, resolved);
  const omitted = resolved.kind === "unavailable" ? resolved.because : unschedulable(service);
  const replicas = Array.from({ length: copies }, (_, index) =>
    renderReplica(surroundings, service, image, index + 1, copies),
  );
  return {
    name: service.name,
    ...(omitted === undefined ? {} : { omitted }),
    volumes: replicas.flatMap(({ volumes }) => volumes),
    carriers: carriersOf(service, image, containerName(surroundings.options.prefix, service.name, 1, 1)),
    containers: replicas.map(({ container }) => container),
    waits: service.waits,
    goal: goalOf(service),
    addresses: addressesOf(service, surroundings.options),
  };
}

function unschedulable({ kind }: ServicePlan): string | undefined {
  return kind === "cron" ? "Docker has no scheduler" : undefined;
}

interface Replica {
  readonly container: ContainerModel;
  readonly volumes: readonly VolumeModel[];
}

function renderReplica(
  { networks, options }: Surroundings,
  service: ServicePlan,
  image: string,
  replica: number,
  copies: number,
): Replica {
  const name = containerName(options.prefix, service.name, replica, copies);
  const volumes = sorted(service.volumes).map(([key, { path, keep }]) => ({
    name: shortened(`${name}.${key}`),
    path,
    keep,
  }));
  const byPath = Object.fromEntries(volumes.map((volume) => [volume.path, volume.name]));
  const reachable = networks.of(service.name);
  const labels = {
    ...options.labels,
    "twofold.replica": String(replica),
    "twofold.service": service.name,
  };
  const container: ContainerModel = {
    name,
    replica,
    args: {
      ...containerArgs(service, image, labels, options),
      // the provider joins networks after it has made the container, which it can from every mode but none
      networkMode: Object.keys(reachable).length === 0 ? "none" : "bridge",
    },
    env: service.env,
    networks: reachable,
    volumes: byPath,
    owner: { uid: service.security.user, gid: service.security.group },
  };
  return {
    container,
    volumes: volumes.map(({ name, keep }) => ({ name, keep: keep || options.keepVolumes })),
  };
}
