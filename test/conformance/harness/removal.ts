import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../../images/cache";
import { atExit } from "./exit";
import type { Platform } from "./platform";
import type { PulumiStack } from "./pulumi";

interface Pending {
  readonly stack: PulumiStack;
  readonly platform: Platform;
  readonly prefix: string;
}

/**
 * Has a deployment removed even when the process ends before its tests do, and written down until then, for the run after
 * one that was killed. Gives a function that calls this off.
 */
export function removeOnExit({ stack, platform, prefix }: Pending): () => void {
  const forget = writeDown(platform, prefix, process.pid);
  const callOff = atExit(() => {
    stack.remove();
    // else the next run has to try again
    if (sweepNow(platform, prefix)) forget();
  });
  return () => {
    callOff();
    forget();
  };
}

/** Writes down that a process has deployed something. Gives a function that strikes it out. */
export function writeDown({ records }: Pick<Platform, "records">, prefix: string, pid: number): () => void {
  const record = join(records, `${pid} ${prefix}`);
  mkdirSync(records, { recursive: true });
  writeFileSync(record, "");
  return () => rmSync(record, { force: true });
}

/** Removes what runs have deployed that were killed; an engine that starts again starts that, too. */
export async function removeLeft(platform: Pick<Platform, "records" | "live">): Promise<void> {
  mkdirSync(platform.records, { recursive: true });
  for (const record of readdirSync(platform.records)) {
    const [pid = "", prefix = ""] = record.split(" ");
    if (isRunning(Number(pid))) continue;
    console.log(`    removing ${prefix}, which a run that was killed has left`);
    await platform.live(prefix).sweep();
    rmSync(join(platform.records, record), { force: true });
  }
}

/** In a process of its own, because nothing asynchronous happens any more while this one exits. */
function sweepNow({ id }: Platform, prefix: string): boolean {
  const sweep = join(__dirname, "sweep.ts");
  const options = { cwd: __dirname, stdio: "inherit" } as const;
  return spawnSync(process.execPath, ["--import=tsx", sweep, id, prefix], options).status === 0;
}
