import { mkdirSync, renameSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type DestinationStream, destination, type Logger, multistream, pino } from "pino";

export type { Logger } from "pino";

export interface LogOptions {
  readonly role: string;
  readonly environment: string;
  readonly level: string;
  /** Values that are blotted out wherever they appear, whatever the field is called. */
  readonly secrets: readonly string[];
  /** Directory for a copy of the log. */
  readonly directory?: string | undefined;
}

/** A shorter secret would blot out half of the log; such are hidden by the names of their fields alone. */
const shortestSecret = 6;
const hiddenFields = ["password", "apiKey", "apiSecret", "DATABASE_URL", "REDIS_URL"];
const maxFileBytes = 10 * 1024 * 1024;

/** A log of JSON lines, written at once: the last words of a process that ends are never lost. */
export function createLogger({ role, environment, level, secrets, directory }: LogOptions): Logger {
  const hidden = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .map((text) => JSON.stringify(text).slice(1, -1));
  const streams: DestinationStream[] = [destination({ fd: 1, sync: true })];
  if (directory !== undefined) {
    streams.push(rotatingFile(directory, role));
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

/** A file that is set aside as ROLE.log.1 when it has grown to 10 MiB, so that a volume never fills up. */
function rotatingFile(directory: string, role: string): DestinationStream {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${role}.log`);
  const file = destination({ dest: path, sync: true });
  let bytes = statSync(path).size;
  return {
    write(line) {
      bytes += Buffer.byteLength(line);
      if (bytes > maxFileBytes) {
        renameSync(path, `${path}.1`);
        file.reopen();
        bytes = 0;
      }
      file.write(line);
    },
  };
}
