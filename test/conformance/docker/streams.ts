import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";

/** What a process prints, and what it complains of: the engine sends both as one stream. */
export async function demultiplexed(docker: Docker, stream: NodeJS.ReadableStream): Promise<[string, string]> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, stdout, stderr);
  stream.once("end", () => {
    stdout.end();
    stderr.end();
  });
  const texts = await Promise.all([buffer(stdout), buffer(stderr)]);
  return [texts[0].toString(), texts[1].toString()];
}
