import Docker from "dockerode";
import type { Machine } from "./report";
import type { Place } from "./rounds";

const docker = new Docker();

/** The Docker Engine, where each tool's things begin with its prefix. */
export const engine: Place = { healthy: healthyContainers, expectNothing };

/** The ids of the containers whose names begin with the prefix, if all of them are healthy and as many as expected. */
async function healthyContainers(prefix: string, expected: number): Promise<ReadonlySet<string>> {
  const containers = (await objects(prefix)).containers.filter(({ State }) => State !== "created");
  const healthy = containers.filter(({ Status }) => Status.includes("(healthy)"));
  if (containers.length === expected && healthy.length === expected) return new Set(healthy.map(({ Id }) => Id));
  const states = containers.map(({ Names, Status }) => `${Names.join(", ")}: ${Status}`);
  throw new Error(`${prefix}: expected ${expected} healthy containers, found ${healthy.length}\n${states.join("\n")}`);
}

/**
 * The ids of the containers that run under a prefix, by their names without it. Throws when one of them is not well: has not
 * turned healthy, or has ended with an error.
 */
export async function runningContainers(prefix: string): Promise<ReadonlyMap<string, string>> {
  const { containers } = await objects(prefix);
  const failed = containers.filter(({ Status }) =>
    /\((unhealthy|health: starting)\)|^Exited \([^0]|^Restarting/.test(Status),
  );
  if (failed.length > 0)
    throw new Error(failed.map(({ Names, Status }) => `${Names.join(", ")} is not well: ${Status}`).join("\n"));
  const running = containers.filter(({ State }) => State === "running");
  return new Map(running.map(({ Id, Names }) => [Names.join().slice(prefix.length + 2), Id]));
}

/** Throws when anything is left whose name begins with the prefix. */
async function expectNothing(prefix: string): Promise<void> {
  const { containers, networks, volumes } = await objects(prefix);
  const left = [...containers.flatMap(({ Names }) => Names), ...networks.map(({ Name }) => Name), ...volumes];
  if (left.length > 0) throw new Error(`${prefix}: left behind: ${left.join(", ")}`);
}

/** Removes everything whose name begins with the prefix. */
export async function removeAll(prefix: string): Promise<void> {
  const { containers, networks, volumes } = await objects(prefix);
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
  await Promise.all(volumes.map((name) => docker.getVolume(name).remove()));
}

async function objects(prefix: string): Promise<{
  containers: readonly Docker.ContainerInfo[];
  networks: readonly Docker.NetworkInspectInfo[];
  volumes: readonly string[];
}> {
  const filters = { name: [prefix] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const belongs = (name: string): boolean => new RegExp(`^/?${prefix}[-_.]`).test(name) || name === prefix;
  return {
    containers: containers.filter(({ Names }) => Names.some(belongs)),
    networks: networks.filter(({ Name }) => belongs(Name)),
    volumes: volumes.Volumes.map(({ Name }) => Name).filter(belongs),
  };
}

/** The engine's version and the size of its machine. */
export async function engineMachine(): Promise<Omit<Machine, "node">> {
  const [{ Version }, info] = await Promise.all([docker.version(), docker.info()]);
  return { runtime: `Docker Engine ${Version}`, cores: info.NCPU, memoryGiB: Math.round(info.MemTotal / 2 ** 30) };
}
