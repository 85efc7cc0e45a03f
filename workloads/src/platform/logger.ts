import { hostname } from "node:os";
import { join } from "node:path";
import { type DestinationStream, destination, type Logger, type LoggerOptions, multistream, pino } from "pino";
import { fullLayout } from "./log-layout.ts";
import { rotatingFile } from "./rotating-file.ts";

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
  /** MiB at which the copy is set aside, and how many older ones are kept. @default - 10, 1 */
  readonly fileMiB?: number | undefined;
  readonly olderFiles?: number | undefined;
  /** A further file for errors alone, kept alike. @default - none */
  readonly errorFile?: string | undefined;
  /** Which fields a line has; `full` says where in the program it comes from. @default short */
  readonly layout?: "short" | "full" | undefined;
}

/** A shorter secret would blot out half of the log; such are hidden by the names of their fields alone. */
const shortestSecret = 6;
const hiddenFields = ["password", "apiKey", "apiSecret", "DATABASE_URL", "REDIS_URL"];
const bytesPerMiB = 1024 * 1024;

/** A log of JSON lines, written at once: the last words of a process that ends are never lost. */
export function createLogger(options: LogOptions): Logger {
  const { role, environment, level, secrets, directory } = options;
  const file = options.file ?? (directory === undefined ? undefined : join(directory, `${role}.log`));
  const hidden = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .map((text) => JSON.stringify(text).slice(1, -1));
  const copy = (path: string): DestinationStream =>
    rotatingFile(path, { maxBytes: (options.fileMiB ?? 10) * bytesPerMiB, older: options.olderFiles ?? 1 });
  const streams = [
    { level: "trace", stream: destination({ fd: 1, sync: true }) as DestinationStream },
    ...(file === undefined ? [] : [{ level: "trace", stream: copy(file) }]),
    ...(options.errorFile === undefined ? [] : [{ level: "error", stream: copy(options.errorFile) }]),
  ];
  return pino(
    {
      level,
      redact: { paths: hiddenFields.flatMap((field) => [field, `*.${field}`]), censor: "[redacted]" },
      hooks: { streamWrite: (line) => hidden.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line) },
      ...(options.layout === "full" ? fullLayout(role) : shortLayout(role, environment)),
    },
    multistream(streams),
  );
}

function shortLayout(role: string, environment: string): LoggerOptions {
  return {
    base: { role, environment, instance: hostname(), pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  };
}
