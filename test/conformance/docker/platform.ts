import { join } from "node:path";
import Docker from "dockerode";
import { support } from "../../../components/targets/docker/support";
import { cacheFolder } from "../../../images/cache";
import type { Platform } from "../harness/platform";
import { machineAddresses } from "../harness/outside";
import { missingPrograms } from "../harness/programs";
import { besideContainer } from "./beside";
import { fixtureImage } from "./fixture-image";
import { LiveDocker } from "./live-docker";

const docker = new Docker();

/** The engine that the environment names, else the one on this machine. */
export const dockerPlatform: Platform = {
  id: "docker",
  support,
  exact: false,
  interruptions: 10,
  records: join(cacheFolder(), "docker/deployed"),
  own: { bench: [], pair: [] },
  async missing() {
    const engine = await docker.ping().then(
      () => undefined,
      (error: unknown) => `Docker does not answer: ${String(error)}`,
    );
    return engine ?? (await missingPrograms("docker"));
  },
  address: async () => {
    const [first] = machineAddresses();
    if (first === undefined) throw new Error("this machine has no address that others know it by");
    return first;
  },
  image: () => fixtureImage(docker),
  beside: async (instance, argv) => besideContainer(docker, await fixtureImage(docker), instance, argv),
  live: (prefix) => new LiveDocker(docker, prefix),
};
