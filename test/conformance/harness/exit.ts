import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../../images/cache";
import type { Platform } from "./platform";
import type { PulumiStack } from "./pulumi";

interface Pending {
  readonly stack: PulumiStack;
  readonly platform: Platform;
  readonly prefix: string;
}

/** What is to be removed, and how it is struck out then. */
const pending = new Map<Pending, () => void>();

/**
 * Has a deployment removed even when the process ends before its tests do, and written down until then, for the run after
 * one that was killed. Gives a function that calls this off.
 */
export function removeOnExit(deployment: Pending): () => void {
  listen();
  const forget = writeDown(deployment.platform, deployment.prefix, process.pid);
  pending.set(deployment, forget);
  return () => {
    pending.delete(deployment);
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

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  process.once("exit", removeAll);
  // signals come twice, to the process and by way of its parent, and the second must not end it before all is removed
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
}

/** In a process of its own, because nothing asynchronous happens any more while this one exits. */
function removeAll(): void {
  for (const [{ stack, platform, prefix }, forget] of pending) {
    stack.remove();
    const sweep = join(__dirname, "sweep.ts");
    const { status } = spawnSync(process.execPath, ["--import=tsx", sweep, platform.id, prefix], {
      cwd: __dirname,
      stdio: "inherit",
    });
    // else the next run has to try again
    if (status === 0) forget();
  }
}
