import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { Exec, type KubeConfig, type V1Status } from "@kubernetes/client-node";
import type { Said } from "../live-target";

interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What a shell says of a command that was killed, which here is one whose container ended before it did. */
const killed = 137;

/** Runs a command in a container, as its user. */
export async function runInside(config: KubeConfig, place: Place, argv: readonly string[]): Promise<Said> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const code = await new Promise<number>((resolve, reject) => {
    const { namespace, pod, container } = place;
    const failed = (message = "no reason given") =>
      reject(new Error(`${argv.join(" ")} could not be run in ${pod}: ${message}`));
    const ended = (status: V1Status) => {
      const exit = exitCode(status);
      if (exit === undefined) failed(status.message);
      else resolve(exit);
    };
    new Exec(config)
      .exec(namespace, pod, container, [...argv], stdout, stderr, null, false, ended)
      .then((socket) => {
        socket.addEventListener("close", () => {
          stdout.end();
          stderr.end();
          // nothing, where the command has said how it ended
          resolve(killed);
        });
      })
      .catch((error: unknown) => failed(error instanceof Error ? error.message : undefined));
  });
  const [out, err] = await texts;
  return { code, stdout: out, stderr: err };
}

function exitCode({ status, details }: V1Status): number | undefined {
  if (status === "Success") return 0;
  const cause = details?.causes?.find(({ reason }) => reason === "ExitCode");
  return cause?.message === undefined ? undefined : Number(cause.message);
}
