import { cacheFolder } from "./cache";
import { CommandError } from "./command";
import { ImageError } from "./errors";

const shownLines = 20;

/** What went wrong, by what the tools say when it does; the first that fits counts. */
const causes: readonly (readonly [RegExp, () => string])[] = [
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

/**
 * Turns a failed build into one line that names the image, its cause where that is known, and the remedy. The last lines
 * of the failed command go to `say` first.
 */
export function explain(label: string, error: unknown, say: (line: string) => void): ImageError {
  if (!(error instanceof Error)) return new ImageError(`${label}: ${String(error)}`);
  if (!(error instanceof CommandError)) {
    const known = cause(error.message);
    return new ImageError(`${label}: ${known ?? error.message}`);
  }
  say(`${label}: ${error.message}; its last lines:`);
  for (const line of error.tail.slice(-shownLines)) say(`  ${line}`);
  const known = cause(error.tail.join("\n"));
  return new ImageError(`${label} could not be built: ${known ?? `${error.message}; see its last lines above`}`);
}

function cause(text: string): string | undefined {
  return causes.find(([pattern]) => pattern.test(text))?.[1]();
}
