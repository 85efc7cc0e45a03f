import { canonical } from "../../core/canonical";
import type { Wait } from "../../core/plan-types";
import type { Value } from "../../core/value";
import { shortened, shortHash } from "../names";
import type { CarrierModel, ContainerArgs, ContainerModel, DockerModel, NetworkModel, ServiceModel } from "./model";

/** A Compose file as plain data. Strings are Values still: secrets are references, and a dollar sign stands for itself. */
export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, object>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { readonly content: Value }>>;
}

/**
 * The objects of a model as Docker Compose makes them. Every container is a service of its own, with the container's name: by
 * a service's own name it would also answer on networks on which it must not. What prepares files and volumes are
 * containers that end at once.
 */
export function composeOf({ prefix, networks, services }: DockerModel): ComposeFile {
  const present = new Map(
    services.flatMap((service) => (service.omitted === undefined ? [[service.name, service]] : [])),
  );
  const carriers = [...present.values()].flatMap((service) => service.carriers);
  const volumes = [
    ...[...present.values()].flatMap((service) => service.volumes.map(({ name }) => name)),
    ...carriers.flatMap(foldersOf).map(({ source }) => source),
  ];
  return canonical({
    name: prefix,
    services: Object.fromEntries([...present.values()].flatMap((service) => servicesOf(service, present))),
    networks: Object.fromEntries(networks.map((network) => [network.name, networkOf(network)])),
    volumes: Object.fromEntries(volumes.map((name) => [name, { name }])),
    configs: Object.fromEntries(carriers.flatMap(configsOf)),
  });
}

function networkOf({ name, subnet, internal, talk }: NetworkModel): object {
  const driverOptions = talk ? {} : { driver_opts: { "com.docker.network.bridge.enable_icc": "false" } };
  return { name, internal, ipam: { config: [{ subnet }] }, ...driverOptions };
}

type Present = ReadonlyMap<string, ServiceModel>;
type Named = readonly [string, object];

function servicesOf(service: ServiceModel, present: Present): readonly Named[] {
  return [
    ...service.carriers.map((carrier): Named => [carrier.name, carrierOf(carrier)]),
    ...service.containers.flatMap((container): readonly Named[] => [
      ...ownerOf(container).map((owner): Named => [ownerName(container), owner]),
      [container.name, containerOf(container, service, present)],
    ]),
  ];
}

/** Something that belongs to a user, whom Compose cannot name: the engine would look for him on the machine itself. */
interface Owned {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
}

const handOver = 'while [ $# -gt 0 ]; do chown "$1" "$2" || exit; shift 2; done';

/** A container that gives things to their users, and ends. */
function preparing(name: string, image: string, things: readonly Owned[]): object {
  const pairs = things.flatMap(({ path, uid, gid }) => [`${uid}:${gid}`, path]);
  return {
    container_name: name,
    image,
    user: "0:0",
    entrypoint: ["sh", "-c", handOver, "sh", ...pairs],
    network_mode: "none",
    restart: "no",
    cap_drop: ["ALL"],
    cap_add: ["CAP_CHOWN"],
    security_opt: ["no-new-privileges"],
  };
}

/** Compose lays no files into a container whose root is read-only, but it does into this one's volumes. */
function carrierOf({ name, image, folders, uploads }: CarrierModel): object {
  const files = uploads.filter(({ path }) => !path.endsWith("/"));
  return {
    ...preparing(name, image, files),
    volumes: foldersOf({ name, folders }),
    configs: uploads.map(({ path, mode }, index) => ({
      source: numbered(name, index),
      target: path.endsWith("/") ? `${path}mount-point` : path,
      mode,
    })),
    labels: { [filesLabel]: filesHash([{ name, image, folders, uploads }]) },
  };
}

/** The folders of a carrier, each with its volume. Mounted through the carrier itself they would not stay read-only. */
function foldersOf({ name, folders }: Pick<CarrierModel, "name" | "folders">) {
  return folders.map((target, index) => ({ type: "volume", source: numbered(name, index), target }));
}

const numbered = (name: string, index: number): string => `${name}.${index + 1}`;

/** A folder in which something is mounted later is made by a file in it, which is hidden then. */
function configsOf({ name, uploads }: CarrierModel): readonly (readonly [string, { readonly content: Value }])[] {
  return uploads.map(({ path, content }, index) => [
    numbered(name, index),
    { content: path.endsWith("/") ? "something is mounted here\n" : content },
  ]);
}

/** Compose does not look at what is in a file when it decides what to make anew; it does look at labels. */
const filesLabel = "twofold.files";

const filesHash = (carriers: readonly CarrierModel[]): string => shortHash(JSON.stringify(carriers), 16);

const ownerName = ({ name }: ContainerModel): string => shortened(`${name}.owner`);

/** A new volume belongs to root, until this has given it to the user of the container. */
function ownerOf(container: ContainerModel): readonly object[] {
  const { args, volumes, owner } = container;
  const folders = Object.keys(volumes).map((path) => ({ path, ...owner }));
  if (folders.length === 0 || owner.uid === 0) return [];
  const prepared = preparing(ownerName(container), args.image, folders);
  return [{ ...prepared, read_only: true, volumes: mountsOf(volumes) }];
}

function mountsOf(volumes: ContainerModel["volumes"]): readonly object[] {
  return Object.entries(volumes).map(([target, source]) => ({ type: "volume", source, target }));
}

function bindsOf({ volumes = [] }: ContainerArgs): readonly object[] {
  return volumes.map(({ hostPath: source, containerPath: target, readOnly: read_only }) => ({
    ...{ type: "bind", source, target, read_only },
  }));
}

function containerOf(container: ContainerModel, service: ServiceModel, present: Present): object {
  const { name, args, env, networks, volumes } = container;
  const { carriers, goal } = service;
  const labels = Object.fromEntries(args.labels.map(({ label, value }) => [label, value]));
  const alone = Object.keys(networks).length === 0;
  const needs = Object.fromEntries([
    ...carriers.map((carrier): Named => [carrier.name, ended]),
    ...ownerOf(container).map((): Named => [ownerName(container), ended]),
    ...service.waits.flatMap((wait) => waitsOf(wait, present)),
  ]);
  const files = carriers.flatMap(foldersOf).map((mount) => ({ ...mount, read_only: true }));
  const mounts = [...files, ...mountsOf(volumes), ...bindsOf(args)];
  return {
    ...confinement(args),
    ...running(args),
    container_name: name,
    image: args.image,
    ...(Object.keys(env).length === 0 ? {} : { environment: env }),
    pids_limit: goal.pids,
    ...(alone ? { network_mode: "none" } : { networks: joined(networks) }),
    ...(mounts.length === 0 ? {} : { volumes: mounts }),
    labels: carriers.length === 0 ? labels : { ...labels, [filesLabel]: filesHash(carriers) },
    ...(Object.keys(needs).length === 0 ? {} : { depends_on: needs }),
  };
}

function joined(networks: ContainerModel["networks"]): object {
  return Object.fromEntries(
    Object.entries(networks).map(([network, aliases]) => [network, aliases.length === 0 ? {} : { aliases }]),
  );
}

const ended = { condition: "service_completed_successfully" };

const conditions: Readonly<Record<Wait["until"], object>> = {
  healthy: { condition: "service_healthy" },
  started: { condition: "service_started" },
  completed: ended,
};

function waitsOf({ service, until }: Wait, present: Present): readonly Named[] {
  return (present.get(service)?.containers ?? []).map(({ name }): Named => [name, conditions[until]]);
}

function confinement(args: ContainerArgs): object {
  const { user, groupAdds, readOnly, capabilities, securityOpts, sysctls, ulimits, tmpfs } = args;
  return {
    user,
    ...(groupAdds === undefined ? {} : { group_add: groupAdds }),
    read_only: readOnly,
    cap_drop: capabilities.drops,
    ...(capabilities.adds === undefined ? {} : { cap_add: capabilities.adds }),
    ...(securityOpts === undefined ? {} : { security_opt: securityOpts }),
    ...(args.cpus === undefined ? {} : { cpus: args.cpus }),
    cpu_shares: args.cpuShares,
    mem_limit: `${args.memory}m`,
    mem_reservation: `${args.memoryReservation}m`,
    memswap_limit: `${args.memorySwap}m`,
    ...(args.shmSize === undefined ? {} : { shm_size: `${args.shmSize}m` }),
    ...(sysctls === undefined ? {} : { sysctls }),
    ...(ulimits === undefined
      ? {}
      : { ulimits: Object.fromEntries(ulimits.map(({ name, soft, hard }) => [name, { soft, hard }])) }),
    ...(tmpfs === undefined ? {} : { tmpfs: Object.entries(tmpfs).map(([path, flags]) => `${path}:${flags}`) }),
  };
}

function running(args: ContainerArgs): object {
  const { entrypoints, command, init, ports, restart, maxRetryCount } = args;
  return {
    ...(entrypoints === undefined ? {} : { entrypoint: entrypoints }),
    ...(command === undefined ? {} : { command }),
    init,
    ...(ports === undefined
      ? {}
      : {
          ports: ports.map(({ internal: target, external, ip: host_ip, protocol }) => ({
            ...{ target, published: String(external), host_ip, protocol },
          })),
        }),
    healthcheck: healthcheckOf(args),
    restart: maxRetryCount === undefined ? restart : `${restart}:${maxRetryCount}`,
    stop_signal: args.stopSignal,
    stop_grace_period: `${args.stopTimeout}s`,
    logging: { driver: args.logDriver, options: args.logOpts },
  };
}

function healthcheckOf({ healthcheck }: ContainerArgs): object {
  const { tests, interval, timeout, startPeriod, retries } = healthcheck;
  return tests[0] === "NONE"
    ? { disable: true }
    : { test: tests, interval, timeout, start_period: startPeriod, retries };
}
