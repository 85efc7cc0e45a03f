import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { DestinationStream } from "pino";
import { describeError } from "./describe-error.ts";

export interface Rotation {
  /** What a file may hold. */
  readonly maxBytes: number;
  /** How many that were set aside are kept. */
  readonly older: number;
}

/**
 * A file that is set aside with .1 at its end when it is full, and those before it with higher numbers, so that a volume
 * never fills up. A folder that cannot be written to costs the copy, not the role.
 */
export function rotatingFile(path: string, { maxBytes, older }: Rotation): DestinationStream {
  let file: number | undefined;
  let bytes = 0;
  let isBroken = false;

  const setAside = (): void => {
    for (let number = older - 1; number >= 1; number -= 1) {
      if (existsSync(`${path}.${number}`)) {
        renameSync(`${path}.${number}`, `${path}.${number + 1}`);
      }
    }
    renameSync(path, `${path}.1`);
  };

  const append = (line: string): void => {
    const size = Buffer.byteLength(line);
    if (file === undefined) {
      mkdirSync(dirname(path), { recursive: true });
      file = openSync(path, "a");
      bytes = fstatSync(file).size;
    }
    if (bytes + size > maxBytes) {
      closeSync(file);
      setAside();
      file = openSync(path, "a");
      bytes = 0;
    }
    writeSync(file, line);
    bytes += size;
  };

  return {
    write(line) {
      if (isBroken) {
        return;
      }
      try {
        append(line);
      } catch (error) {
        isBroken = true;
        console.error(`the copy of the log in ${path} ends here: ${describeError(error)}`);
      }
    },
  };
}
