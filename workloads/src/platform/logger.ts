import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { type DestinationStream, destination, type Logger, multistream, pino } from "pino";
import { describeError } from "./describe-error.ts";

export type { Logger } from "pino";

export interface LogOptions {
  readonly role: string;
  readonly environment: string;
  readonly level: string;
  /** Values that are blotted out wherever they appear, whatever the field is called. */
  readonly secrets: readonly string[];
  /** Directory for a copy of the log. */
  readonly directory?: string | undefined;
  /** The file of that copy. @default - ROLE.log in the directory */
  readonly file?: string | undefined;
}

/** A shorter secret would blot out half of the log; such are hidden by the names of their fields alone. */
const shortestSecret = 6;
const hiddenFields = ["password", "apiKey", "apiSecret", "DATABASE_URL", "REDIS_URL"];
const maxFileBytes = 10 * 1024 * 1024;

/** A log of JSON lines, written at once: the last words of a process that ends are never lost. */
export function createLogger(options: LogOptions): Logger {
  const { role, environment, level, secrets, directory } = options;
  const file = options.file ?? (directory === undefined ? undefined : join(directory, `${role}.log`));
  const hidden = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .map((text) => JSON.stringify(text).slice(1, -1));
  const streams: DestinationStream[] = [destination({ fd: 1, sync: true })];
  if (file !== undefined) {
    streams.push(rotatingFile(file));
  }
  return pino(
    {
      level,
      base: { role, environment, instance: hostname(), pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: hiddenFields.flatMap((field) => [field, `*.${field}`]), censor: "[redacted]" },
      hooks: { streamWrite: (line) => hidden.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line) },
    },
    multistream(streams.map((stream) => ({ level: "trace", stream }))),
  );
}

/**
 * A file that is set aside with .1 at its end when it has grown to 10 MiB, so that a volume never fills up. A folder that
 * cannot be written to costs the copy, not the role.
 */
function rotatingFile(path: string): DestinationStream {
  let file: number | undefined;
  let bytes = 0;
  let isBroken = false;

  const append = (line: string): void => {
    const size = Buffer.byteLength(line);
    if (file === undefined) {
      mkdirSync(dirname(path), { recursive: true });
      file = openSync(path, "a");
      bytes = fstatSync(file).size;
    }
    if (bytes + size > maxFileBytes) {
      closeSync(file);
      renameSync(path, `${path}.1`);
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
