// Runs a command, and starts it anew when a file of a folder changes: node hot-reload.ts FOLDER COMMAND ARGUMENT…
// A program for containers; Node.js runs it as it is, so it uses nothing but what Node.js brings.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const lookEveryMs = 300;
/** A program that failed by itself is tried again after this time; mending its sources starts it sooner. */
const retryMs = 5_000;

const [folder = ".", command = "node", ...args] = process.argv.slice(2);
let program = start();
let isStopping = false;

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    isStopping = true;
    program.child.kill(signal);
    void program.ended.then((code) => process.exit(code));
  });
}
void follow();

async function follow(): Promise<void> {
  let seen = stateOf(folder);
  while (!isStopping) {
    await delay(lookEveryMs);
    const now = stateOf(folder);
    if (now !== seen) console.error(`hot-reload: ${folder} has changed, starting anew`);
    else if (performance.now() < program.retryAt) continue;
    seen = now;
    program.child.kill("SIGTERM");
    await program.ended;
    if (!isStopping) program = start();
  }
}

interface Program {
  readonly child: ChildProcess;
  /** Its exit code. */
  readonly ended: Promise<number>;
  /** When it is to be started again although nothing has changed; never while it runs. */
  retryAt: number;
}

function start(): Program {
  const child = spawn(command, args, { stdio: "inherit" });
  const ended = once(child, "exit").then(([code]: (number | null)[]) => {
    started.retryAt = performance.now() + retryMs;
    return code ?? 1;
  });
  const started: Program = { child, ended, retryAt: Number.POSITIVE_INFINITY };
  return started;
}

/**
 * Names, sizes and times of all files. Looked at instead of listened to: a watch is lost when an editor puts a new file
 * in the place of the old one, and some machines' shared folders tell nothing.
 */
function stateOf(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
      return `${file} ${mtimeMs} ${size}`;
    })
    .sort()
    .join("\n");
}
