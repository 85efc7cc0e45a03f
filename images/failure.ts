import { cacheFolder } from "./cache";
import { CommandError } from "./command";
import { ImageError } from "./errors";

const shownLines = 20;

type Causes = readonly (readonly [RegExp, (place: string) => string])[];

/** What went wrong, by what the tools say when it does; the first that fits counts. */
const causes: Causes = [
  [
    /no space left on device|ENOSPC|disk quota exceeded/i,
    () =>
      `no space is left on the disk; free some in Docker's folder (docker system df shows it, docker image prune frees it) or in ${cacheFolder()}, and run again`,
  ],
  [
    /temporary failure resolving|could(n't| not) resolve|failed to fetch|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|dial tcp|i\/o timeout|unable to connect|no such host|connection timed out/i,
    () => "packages could not be fetched; check the network and its proxy settings, and run again",
  ],
];

/** The same for a push. */
const pushCauses: Causes = [
  [
    /no basic auth credentials|unauthorized|denied|authentication required/i,
    (host) => `${host} refuses it; log in with docker login ${host}, as somebody who may push there`,
  ],
  [
    /no space left on device|unexpected HTTP status: 5\d\d/i,
    (host) => `${host} failed to store it; see whether its disk is full, and what its log says`,
  ],
  [
    /server gave HTTP response to HTTPS client/i,
    (host) => `${host} speaks no TLS; only a registry on this machine may do without`,
  ],
  [
    /dial tcp|i\/o timeout|no such host|connection re(fused|set)|EOF/i,
    (host) => `the connection from Docker to ${host} failed; see whether the engine can reach it, and run again`,
  ],
];

/**
 * Turns a failed build into one line that names the image, its cause where that is known, and the remedy. The last lines
 * of the failed command go to `say` first.
 */
export function explain(label: string, error: unknown, say: (line: string) => void): ImageError {
  return told(`${label} could not be built`, label, error, (text) => cause(text, causes, ""), say);
}

/** The same for a failed push to the registry at that host. */
export function explainPush(label: string, host: string, error: unknown, say: (line: string) => void): ImageError {
  // the registry's own answer says it best
  if (error instanceof ImageError) return new ImageError(`${label}: ${error.message}`);
  return told(`${label} could not be pushed`, label, error, (text) => cause(text, pushCauses, host), say);
}

function told(
  failed: string,
  label: string,
  error: unknown,
  known: (text: string) => string | undefined,
  say: (line: string) => void,
): ImageError {
  if (!(error instanceof Error)) return new ImageError(`${label}: ${String(error)}`);
  if (!(error instanceof CommandError)) return new ImageError(`${label}: ${known(error.message) ?? error.message}`);
  say(`${label}: ${error.message}; its last lines:`);
  for (const line of error.tail.slice(-shownLines)) say(`  ${line}`);
  return new ImageError(`${failed}: ${known(error.tail.join("\n")) ?? `${error.message}; see its last lines above`}`);
}

function cause(text: string, among: Causes, place: string): string | undefined {
  return among.find(([pattern]) => pattern.test(text))?.[1](place);
}
