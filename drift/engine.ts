import { buffer } from "node:stream/consumers";
import Docker from "dockerode";
import { extract } from "tar-stream";
import { z } from "zod";
import { ownerLabel } from "../components/targets/docker/leftovers";
import { containerDifferences, madeContainer, type Surroundings } from "./docker";
import { fileDifferences, filesOf, networkDifferences, type RealFile, volumeDifferences } from "./docker-objects";
import { realContainer, type RealContainer } from "./docker-real";
import type { Finding } from "./finding";
import type { Resource } from "./state";

const named = z.object({ name: z.string() });

/** The engine that the provider names, else that of the environment. */
export function engineOf(resources: readonly Resource[]): Docker {
  const [host] = resources.flatMap(({ type, inputs }) =>
    type === "pulumi:providers:docker" && typeof inputs["host"] === "string" ? [inputs["host"]] : [],
  );
  if (host === undefined) return new Docker();
  if (host.startsWith("unix://")) return new Docker({ socketPath: host.slice("unix://".length) });
  const { hostname, port } = new URL(host);
  return new Docker({ host: hostname, port });
}

/** What of a resource on a Docker Engine is not as it was made; nothing of those that are no matter of an engine. */
export async function engineFinding(
  docker: Docker,
  { urn, type, id, inputs }: Resource,
  networks: Surroundings["networks"],
): Promise<Finding | undefined> {
  switch (type) {
    case "docker:index/container:Container":
      return containerFinding(docker, { urn, id, inputs }, networks);
    case "docker:index/network:Network": {
      const real = await found(docker.getNetwork(id).inspect());
      return findingOf(urn, `network ${named.parse(inputs).name}`, real, () => networkDifferences(inputs, real));
    }
    case "docker:index/volume:Volume": {
      const real = await found(docker.getVolume(id).inspect());
      return findingOf(urn, `volume ${named.parse(inputs).name}`, real, () => volumeDifferences(inputs, real));
    }
    default:
      return undefined;
  }
}

async function containerFinding(
  docker: Docker,
  { urn, id, inputs }: Pick<Resource, "urn" | "id" | "inputs">,
  networks: Surroundings["networks"],
): Promise<Finding | undefined> {
  const made = madeContainer.parse(inputs);
  const what = `container ${made.name}`;
  const there = await containerAt(docker, id, made.name);
  if (there === undefined) return { urn, what, is: "missing", differences: [] };
  const { real, ofImage } = there;
  const differences = [
    ...containerDifferences(made, real, { ofImage, networks }),
    ...fileDifferences(inputs, await filesIn(docker, real.Id, filesOf(inputs))),
  ];
  if (real.Id !== id) return { urn, what, is: "replaced", differences };
  return differences.length === 0 ? undefined : { urn, what, is: "changed", differences };
}

/** A container, with what its image brings. */
export interface There {
  readonly real: RealContainer;
  /** The variables of the image. */
  readonly ofImage: readonly string[];
  /** What the image takes on the disk, with the layers that it shares. */
  readonly imageBytes: number | undefined;
}

/** The container with an id, else what is there under its name, if anything is. */
export async function containerAt(docker: Docker, id: string, name: string): Promise<There | undefined> {
  const inspection =
    (await found(docker.getContainer(id).inspect())) ?? (await found(docker.getContainer(name).inspect()));
  if (inspection === undefined) return undefined;
  const real = realContainer.parse(inspection);
  const image = await found(docker.getImage(real.Image).inspect());
  return { real, ofImage: image?.Config.Env ?? [], imageBytes: image?.Size };
}

/** Names of the networks of a state, by their ids. */
export function networksIn(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const networks = resources.filter(({ type }) => type === "docker:index/network:Network");
  return new Map(networks.map(({ id, inputs }) => [id, named.parse(inputs).name]));
}

/**
 * Removes the container that somebody has put in the place of this one, if it carries the same deployment's label; what is
 * somebody else's stays, and the next run says so.
 */
export async function removeReplacement(docker: Docker, { inputs }: Resource): Promise<void> {
  const { name, labels } = madeContainer.parse(inputs);
  const owner = labels.find(({ label }) => label === ownerLabel)?.value;
  const real = await found(docker.getContainer(name).inspect());
  if (real !== undefined && owner !== undefined && real.Config.Labels[ownerLabel] === owner)
    await docker.getContainer(real.Id).remove({ force: true, v: true });
}

function findingOf(
  urn: string,
  what: string,
  real: unknown,
  compare: () => Finding["differences"],
): Finding | undefined {
  if (real === undefined) return { urn, what, is: "missing", differences: [] };
  const differences = compare();
  return differences.length === 0 ? undefined : { urn, what, is: "changed", differences };
}

/** What the Engine gives, or nothing when it does not know the thing. */
export async function found<Thing>(answer: Promise<Thing>): Promise<Thing | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (z.object({ statusCode: z.literal(404) }).safeParse(error).success) return undefined;
    throw error;
  }
}

async function filesIn(docker: Docker, id: string, paths: readonly string[]): Promise<ReadonlyMap<string, RealFile>> {
  const files = await Promise.all(
    paths.map(async (path): Promise<readonly [string, RealFile][]> => {
      const archive = await found(docker.getContainer(id).getArchive({ path }));
      if (archive === undefined) return [];
      const unpacked = archive.pipe(extract());
      const entries: [string, RealFile][] = [];
      // to the end, or the connection would stay open
      for await (const entry of unpacked)
        entries.push([path, { mode: (entry.header.mode ?? 0) & 0o7777, content: await buffer(entry) }]);
      return entries;
    }),
  );
  return new Map(files.flat());
}
