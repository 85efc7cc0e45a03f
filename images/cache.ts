import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where things are kept that can be made again: outside the clone, shared by all clones of a user. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env["TWOFOLD_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "twofold");
}

/** A fresh folder for one build or test. Its name tells the process, so that a later run can clear up after a killed one. */
export function workFolder(label: string): string {
  const parent = workParent();
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `${process.pid}-${label}-`));
}

/** Removes the folders of builds and tests whose process is gone. */
export function clearAbandoned(): void {
  const parent = workParent();
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (!isRunning(Number.parseInt(name, 10))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function workParent(): string {
  return join(cacheFolder(), "images");
}

/** Whether there is a process of that number; yes, where the system has no way to tell. */
export function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${process.pid}`)) return true;
  return existsSync(`/proc/${pid}`);
}
