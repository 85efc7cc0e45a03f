import { CommandError, run } from "./command";
import { ImageError } from "./errors";

export interface DockerBuild {
  readonly reference: string;
  readonly context: string;
  /** Absolute, or relative to the working directory. */
  readonly dockerfile: string;
  readonly target?: string | undefined;
  readonly args: readonly (readonly [string, string])[];
}

/** The references under `twofold.local/` that the engine holds. Throws an ImageError when no engine answers. */
export async function heldImages(): Promise<ReadonlySet<string>> {
  const listing = await ask(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "twofold.local/*"]);
  return new Set(listing.split("\n").filter((line) => line !== ""));
}

/** The engine's processor, in Go's spelling. */
export async function engineArchitecture(): Promise<string> {
  return (await ask(["version", "--format", "{{.Server.Arch}}"])).trim();
}

/** Builds an image, with the machine's own network for the package managers inside. */
export async function build(spec: DockerBuild): Promise<void> {
  const args = spec.args.flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  const target = spec.target === undefined ? [] : ["--target", spec.target];
  const recipe = ["--network", "host", "--force-rm", "--file", spec.dockerfile, "--tag", spec.reference];
  // the builder within the engine needs no plugin of the command line, and engines since 1.13 have it
  await run("docker", ["build", ...recipe, ...target, ...args, spec.context], { env: { DOCKER_BUILDKIT: "0" } });
}

/** Makes an image of an archive of a root folder. */
export async function importArchive(archive: string, reference: string, changes: readonly string[]): Promise<void> {
  await run("docker", ["import", ...changes.flatMap((change) => ["--change", change]), archive, reference]);
}

async function ask(args: readonly string[]): Promise<string> {
  try {
    return await run("docker", args);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const last = error.tail.at(-1) ?? error.message;
    throw new ImageError(`the docker engine does not answer (${last}); start it, or set DOCKER_HOST to one that runs`);
  }
}
