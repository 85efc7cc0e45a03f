import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "./eventually.ts";

const main = join(import.meta.dirname, "../../src/main.ts");

/** Node before 22.18 strips types only when it is asked to. */
export const typescriptFlags = process.features.typescript ? [] : ["--experimental-strip-types"];

export type LogLine = Readonly<Record<string, unknown>>;

/** A role that runs as a process of its own, with nothing of this process's environment. */
export class RoleProcess {
  readonly lines: LogLine[] = [];
  /** Everything that was written, standard error included. */
  output = "";
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | string>;

  constructor(role: string, environment: Readonly<Record<string, string>>, args: readonly string[] = []) {
    const env = { PATH: process.env["PATH"], PORT: "0", ...environment };
    const program = [...typescriptFlags, main, role, ...args];
    this.#child = spawn(process.execPath, program, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#exit = once(this.#child, "close").then(([code, signal]) => code ?? signal);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) {
        createInterface(stream).on("line", (line) => this.#read(line));
      }
    }
  }

  #read(line: string): void {
    this.output += `${line}\n`;
    if (line.startsWith("{")) {
      this.lines.push(JSON.parse(line));
    }
  }

  get messages(): unknown[] {
    return this.lines.map((line) => line["msg"]);
  }

  /** Waits for a log line with the message. */
  async said(message: string): Promise<LogLine> {
    return eventually(async () => {
      const line = this.lines.find((candidate) => candidate["msg"] === message);
      if (line === undefined) {
        throw new Error(`never said "${message}", but:\n${this.output}`);
      }
      return line;
    });
  }

  async get(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
    const { port } = await this.said("started");
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: response.status, text: await response.text() };
  }

  /** Value of a metric that has no labels. */
  async metric(name: string): Promise<number> {
    const { text } = await this.get("/metrics");
    const line = text.split("\n").find((candidate) => candidate.startsWith(`${name} `));
    if (line === undefined) {
      throw new Error(`no metric ${name}`);
    }
    return Number(line.slice(name.length));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The exit code, or the signal that ended the process. */
  exit(): Promise<number | string> {
    return this.#exit;
  }

  async stop(name: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    this.signal(name);
    return this.#exit;
  }
}
