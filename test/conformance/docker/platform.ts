import Docker from "dockerode";
import { x } from "tinyexec";
import { support } from "../../../components/targets/docker/support";
import type { Platform } from "../harness/platform";
import { fixtureImage } from "./fixture-image";
import { LiveDocker } from "./live-docker";

const docker = new Docker();

/** The engine that the environment names, else the one on this machine. */
export const dockerPlatform: Platform = {
  id: "docker",
  support,
  // one network holds both ends of a connection, and on it each may call the other
  oneWay: false,
  async missing() {
    const engine = await docker.ping().then(
      () => undefined,
      (error: unknown) => `Docker does not answer: ${String(error)}`,
    );
    return engine ?? (await missingPulumi());
  },
  image: () => fixtureImage(docker),
  live: (prefix) => new LiveDocker(docker, prefix),
};

async function missingPulumi(): Promise<string | undefined> {
  for (const [program, remedy] of [
    ["pulumi", "make doctor says how to get it"],
    ["apt-get", "the suite's image is made from Debian's packages"],
  ] as const) {
    const found = await x(program, [program === "pulumi" ? "version" : "--version"]).then(
      ({ exitCode }) => exitCode === 0,
      () => false,
    );
    if (!found) return `${program} is not on PATH; ${remedy}`;
  }
  return undefined;
}
