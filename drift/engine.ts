import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { z } from "zod";
import { ownerLabel } from "../components/targets/docker/leftovers";
import { containerDifferences, madeContainer, type Surroundings } from "./docker";
import { fileDifferences, filesOf, networkDifferences, type RealFile, volumeDifferences } from "./docker-objects";
import { realContainer } from "./docker-real";
import type { Finding } from "./finding";
import type { Resource } from "./state";

const named = z.object({ name: z.string() });

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
  const own = await found(docker.getContainer(id).inspect());
  const real = own ?? (await found(docker.getContainer(made.name).inspect()));
  if (real === undefined) return { urn, what, is: "missing", differences: [] };
  const image = await found(docker.getImage(realContainer.parse(real).Image).inspect());
  const differences = [
    ...containerDifferences(made, realContainer.parse(real), { ofImage: image?.Config.Env ?? [], networks }),
    ...fileDifferences(inputs, await filesIn(docker, real.Id, filesOf(inputs))),
  ];
  if (own === undefined) return { urn, what, is: "replaced", differences };
  return differences.length === 0 ? undefined : { urn, what, is: "changed", differences };
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
async function found<Thing>(answer: Promise<Thing>): Promise<Thing | undefined> {
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
      const unpacked = extract();
      archive.pipe(unpacked);
      for await (const entry of unpacked)
        return [[path, { mode: (entry.header.mode ?? 0) & 0o7777, content: await buffer(entry) }]];
      return [];
    }),
  );
  return new Map(files.flat());
}
