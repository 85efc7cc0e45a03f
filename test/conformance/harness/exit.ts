import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Settings } from "../programs/settings";
import type { PulumiStack } from "./pulumi";

interface Pending {
  readonly stack: PulumiStack;
  readonly settings: Pick<Settings, "platform" | "prefix">;
}

const pending = new Set<Pending>();

/** Has a deployment removed even when the process ends before its tests do. Gives a function that calls this off. */
export function removeOnExit(deployment: Pending): () => void {
  if (pending.size === 0) listen();
  pending.add(deployment);
  return () => void pending.delete(deployment);
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
  for (const { stack, settings } of pending) {
    stack.remove();
    const sweep = join(__dirname, "sweep.ts");
    spawnSync(process.execPath, ["--import=tsx", sweep, settings.platform, settings.prefix], {
      cwd: __dirname,
      stdio: "inherit",
    });
  }
}
