import { chmodSync, cpSync, lstatSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { workFolder } from "./cache";
import { run } from "./command";
import { buildGo } from "./go-program";
import { moduleFolder, recipeFolder, sharedFolder } from "./local";
import type { LocalBuild } from "./table";

/** Names of the same processor in Go and in npm. */
const npmProcessors: Readonly<Record<string, string>> = { amd64: "x64", arm64: "arm64" };

/** Names of the same processor in Go and in Python's wheels. */
const wheelProcessors: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64" };

/** What a disk must have left for its content to be believed. */
const spareBytes = 16 * 1024 * 1024;

/**
 * Makes the build context of a local image in the cache: the recipe, what it shares with others, and what the table says
 * must be brought into it. Gives it to `use`, and removes it afterwards.
 */
export async function withContext(
  local: LocalBuild,
  architecture: string,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = workFolder(local.name);
  try {
    for (const source of [sharedFolder(local), recipeFolder(local)])
      if (source !== undefined) cpSync(source, folder, { recursive: true });
    await prepare(local, architecture, folder);
    requireSpace(folder);
    plainModes(folder);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare(local: LocalBuild, architecture: string, folder: string): Promise<void> {
  if (local.prepare === undefined) return;
  if ("npm" in local.prepare) {
    const cpu = npmProcessors[architecture] ?? architecture;
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["ci", "--os=linux", "--libc=glibc", `--cpu=${cpu}`, ...quiet], { cwd: folder });
    return;
  }
  if ("python" in local.prepare) {
    await run("python3", ["-m", "pip", "install", ...pythonTarget(architecture)], { cwd: folder });
    return;
  }
  await buildGo(local.prepare.go, { sources: moduleFolder(local) ?? recipeFolder(local), architecture, folder });
}

/** Ready-made packages for Debian's Python, each with its hash in the recipe; none of them is run here. */
function pythonTarget(architecture: string): readonly string[] {
  const cpu = wheelProcessors[architecture] ?? architecture;
  const platforms = ["manylinux_2_28", "manylinux2014"].map((name) => `--platform=${name}_${cpu}`);
  const exact = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--python-version=3.11", "--no-compile"];
  return ["--quiet", "--no-cache-dir", "--target=packages", ...platforms, ...exact, "--requirement=requirements.txt"];
}

/** npm ends well on a full disk and leaves empty files; so a disk that is full afterwards makes the whole context void. */
function requireSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < spareBytes) throw new Error(`ENOSPC: ${folder} has less than ${spareBytes} bytes left`);
}

/** Readable by every user and writable by the owner, whatever the umask of the clone was. */
function plainModes(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(path)) plainModes(join(path, name));
}
