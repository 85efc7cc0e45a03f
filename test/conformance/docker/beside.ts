import type Docker from "dockerode";
import type { Instance } from "../live-target";
import { demultiplexed } from "./streams";

/** What a command of an image prints that runs in the network of an instance, and nowhere else of it. */
export async function besideContainer(
  docker: Docker,
  image: string,
  { id }: Instance,
  [program = "", ...args]: readonly string[],
): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: [...args],
    HostConfig: { NetworkMode: `container:${id}` },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const said = demultiplexed(docker, stream);
    await container.start();
    const { StatusCode } = (await container.wait()) as { readonly StatusCode: number };
    const [stdout, stderr] = await said;
    if (StatusCode !== 0) throw new Error(`${program} beside ${id} ended with ${StatusCode}: ${stderr}`);
    return stdout;
  } finally {
    await container.remove({ force: true });
  }
}
