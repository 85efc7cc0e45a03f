import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { sorted } from "../names";
import { resolveValue } from "../resolve-value";
import type { Scope } from "../target";
import type { Made } from "./bring-up";
import type { Engine } from "./engine";
import type { CarrierModel, ContainerModel, ServiceModel, UploadModel, VolumeModel } from "./model";

type Labels = Readonly<Record<string, pulumi.Input<string>>>;

/** What the resources of one system are made with, and what was made so far, by the names of the model. */
export interface Context {
  /** Whether there is a Docker Engine to talk to. */
  readonly active: boolean;
  readonly engine: Engine;
  readonly scope: Scope;
  readonly labels: Labels;
  /** The provider, when it is not Pulumi's default one. */
  readonly provider: pulumi.CustomResourceOptions;
  /** Sees to it that the place of a new object is free. */
  readonly makeRoom: pulumi.ResourceHookBinding;
  /** The same for a volume that may be there from an earlier deployment. */
  readonly takeOver: pulumi.ResourceHookBinding;
  readonly images: Map<string, docker.RemoteImage>;
  readonly networks: Map<string, docker.Network>;
  /** Containers by service. */
  readonly containers: Map<string, readonly docker.Container[]>;
}

/** Changes that the provider would only note in its state, although they need another container. */
const ignoredByProvider = ["healthcheck", "init", "tmpfs"];

/** Makes the volumes, carriers and containers of a service, none of which is started. */
export function makeContainers(service: ServiceModel, context: Context): Made {
  const volumes = new Map(service.volumes.map((volume) => [volume.name, makeVolume(service.name, volume, context)]));
  const carriers = service.carriers.map((model) => ({
    model,
    resource: makeCarrier(service.name, model, context),
  }));
  const containers = service.containers.map((container) => {
    const mounts = [
      ...carriers.map(({ resource }) => ({ fromContainer: pulumi.concat(resource.id, ":ro") })),
      ...mountsOf(container.volumes, volumes),
    ];
    return { model: container, resource: makeContainer(service, container, mounts, context) };
  });
  context.containers.set(
    service.name,
    containers.map(({ resource }) => resource),
  );
  return { containers, carriers };
}

type Volumes = ReadonlyMap<string, docker.Volume>;
type Mount = docker.types.input.ContainerVolume;

function makeVolume(service: string, { name, keep }: VolumeModel, context: Context): docker.Volume {
  const labels = labelList({ ...context.labels, "twofold.service": service });
  const hooks = keep ? context.takeOver : context.makeRoom;
  return new docker.Volume(name, { name, labels }, { ...optionsOf(service, context), hooks, retainOnDelete: keep });
}

function makeCarrier(service: string, carrier: CarrierModel, context: Context): docker.Container {
  const args: docker.ContainerArgs = {
    name: carrier.name,
    image: carrier.image,
    entrypoints: ["never-started"],
    start: false,
    mustRun: false,
    init: false,
    networkMode: "none",
    volumes: carrier.folders.map((containerPath) => ({ containerPath })),
    uploads: carrier.uploads.map((upload) => uploadOf(upload, context.scope)),
    labels: labelList({ ...context.labels, "twofold.carrier": service, "twofold.owners": ownersOf(carrier) }),
  };
  return new docker.Container(carrier.name, args, {
    ...optionsOf(service, context),
    hooks: context.makeRoom,
    dependsOn: imageOf(carrier.image, context),
    deleteBeforeReplace: true,
  });
}

function makeContainer(
  service: ServiceModel,
  { name, args, env, networks }: ContainerModel,
  mounts: readonly Mount[],
  context: Context,
): docker.Container {
  const envs = sorted(env).map(([key, value]) => pulumi.concat(`${key}=`, resolveValue(value, context.scope)));
  const complete: docker.ContainerArgs = {
    ...args,
    name,
    // the program starts it, when everything that it waits for is up
    start: false,
    mustRun: false,
    labels: [...args.labels, ...labelList(context.labels)],
    networksAdvanced: sorted(networks).map(([network, aliases]) => ({
      // by id and not by name, so that it is made anew with its network
      name: required(context.networks, network).id,
      aliases: [...aliases],
    })),
    volumes: [...mounts, ...(args.volumes ?? [])],
    ...(envs.length === 0 ? {} : { envs }),
  };
  const dependencies = service.waits.flatMap((wait) => context.containers.get(wait.service) ?? []);
  return new docker.Container(name, complete, {
    ...optionsOf(service.name, context),
    hooks: context.makeRoom,
    dependsOn: [imageOf(args.image, context), ...dependencies],
    // its name and its ports on the host can only be taken once
    deleteBeforeReplace: true,
    replaceOnChanges: ignoredByProvider,
  });
}

function optionsOf(service: string, { provider, scope }: Context): pulumi.CustomResourceOptions {
  return { ...provider, parent: scope.parentOf(service) };
}

function imageOf(reference: string, { images }: Context): pulumi.Resource {
  return required(images, reference);
}

function mountsOf(mounts: Readonly<Record<string, string>>, volumes: Volumes): Mount[] {
  return sorted(mounts).map(([containerPath, volume]) => ({
    containerPath,
    volumeName: required(volumes, volume).name,
  }));
}

/** The provider takes no empty content; a line's end in Base64 decodes to nothing. */
const nothing = "\n";

/** The provider is not told of the owners, so that a label must say that they have changed. */
function ownersOf({ uploads }: CarrierModel): string {
  return uploads.map(({ uid, gid }) => `${uid}:${gid}`).join(" ");
}

/** The file without its owner, which it gets when the carrier is filled. */
function uploadOf({ path, content, mode }: UploadModel, scope: Scope): docker.types.input.ContainerUpload {
  const place = { file: path, permissions: mode };
  if (typeof content === "string" && content !== "") return { ...place, content };
  const encoded = resolveValue(content, scope).apply((text) => Buffer.from(text).toString("base64") || nothing);
  return { ...place, contentBase64: encoded };
}

export function labelList(labels: Labels): { label: string; value: pulumi.Input<string> }[] {
  return sorted(labels).map(([label, value]) => ({ label, value }));
}

function required<Item>(items: ReadonlyMap<string, Item>, name: string): Item {
  const item = items.get(name);
  if (item === undefined) throw new Error(`the model refers to ${name}, which it does not have`);
  return item;
}
