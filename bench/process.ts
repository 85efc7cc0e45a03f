import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";

/** What running a command took. */
export interface Sample {
  readonly seconds: number;
  /**
   * Highest sum of the resident memory of the command and everything that it had started, looked at ten times a second;
   * memory that processes share counts once for each. Unknown where there is no /proc.
   */
  readonly peakMiB: number | undefined;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

const lookMilliseconds = 100;

/** Runs a command to its end. Throws with its output when it fails. */
export async function measure({ program, args, folder, env }: Command): Promise<Sample> {
  const begin = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
  const memory = watchMemory(child);
  const [code] = await once(child, "close");
  const seconds = (performance.now() - begin) / 1000;
  const peakMiB = memory();
  if (code === 0) return { seconds, peakMiB };
  throw new Error(`${[program, ...args].join(" ")} ended with ${code}:\n${Buffer.concat(output).toString()}`);
}

function watchMemory({ pid }: ChildProcess): () => number | undefined {
  let peak: number | undefined;
  const look = (): void => {
    const pages = pid === undefined ? undefined : residentPages(pid);
    if (pages !== undefined) peak = Math.max(peak ?? 0, pages);
  };
  const timer = setInterval(look, lookMilliseconds);
  return () => {
    clearInterval(timer);
    return peak === undefined ? undefined : Math.round((peak * pageBytes) / 2 ** 20);
  };
}

/** Linux on the processors that Node.js supports, but for some ARM servers. */
const pageBytes = 4096;

function residentPages(pid: number): number | undefined {
  try {
    const own = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    return children(pid).reduce((sum, child) => sum + (residentPages(child) ?? 0), own);
  } catch {
    return undefined; // it has ended, or this is no Linux
  }
}

function children(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}
