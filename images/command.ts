import { spawn } from "node:child_process";
import { ImageError } from "./errors";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads. @default nothing */
  readonly input?: string;
}

/** A command that ended badly, with what it said last. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly tail: readonly string[];

  constructor(message: string, tail: readonly string[]) {
    super([message, ...tail.slice(-1)].join(": "));
    this.tail = tail;
  }
}

const keptLines = 200;

/**
 * Runs a command and gives its standard output. Throws an ImageError when the command is not installed, and a
 * CommandError with the last lines of both outputs when it fails.
 */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined); // a command need not read, and its code tells how it went
    child.stdin.end(options.input ?? "");
    const output: string[] = [];
    let mixed = "";
    const keep = (chunk: Buffer): void => {
      mixed = (mixed + chunk.toString()).split("\n").slice(-keptLines).join("\n");
    };
    child.stdout.on("data", (chunk: Buffer) => {
      output.push(chunk.toString());
      keep(chunk);
    });
    child.stderr.on("data", keep);
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      reject(
        new ImageError(
          missing
            ? `${command} is not installed or not on PATH; make doctor says how to get it`
            : `${command}: ${error.message}`,
        ),
      );
    });
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output.join(""));
      const lines = mixed.split(/[\r\n]+/).filter((line) => line.trim() !== "");
      reject(new CommandError(`${command} ended with ${signal ?? `exit code ${code}`}`, lines));
    });
  });
}
