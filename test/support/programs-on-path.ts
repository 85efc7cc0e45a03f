import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Programs in front of those that are installed, for the code of this process that starts some: shell scripts by their names. */
export class ProgramsOnPath {
  readonly folder = mkdtempSync(join(tmpdir(), "twofold-path-"));
  readonly #before = process.env["PATH"] ?? "";

  constructor(programs: Readonly<Record<string, string>>) {
    for (const [name, body] of Object.entries(programs)) {
      writeFileSync(join(this.folder, name), `#!/bin/sh\ncd '${this.folder}'\n${body}\n`);
      chmodSync(join(this.folder, name), 0o755);
    }
    process.env["PATH"] = `${this.folder}${delimiter}${this.#before}`;
  }

  remove(): void {
    process.env["PATH"] = this.#before;
    rmSync(this.folder, { recursive: true });
  }
}

/** What is printed to standard output while something is done, a line each. */
export async function printed<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; lines: readonly string[] }> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => void lines.push(line);
  try {
    return { result: await work(), lines };
  } finally {
    console.log = log;
  }
}
