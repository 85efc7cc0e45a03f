import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import createIgnore from "@balena/dockerignore";

/** Twelve hex digits that stand for the parts, in their order. */
export function shortHash(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  // the length in front keeps ["ab", "c"] and ["a", "bc"] apart
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex").slice(0, 12);
}

/**
 * What `docker build` would send of a folder: relative path, kind, executable bit and content of every file, sorted by
 * path, without what `.dockerignore` leaves out. Owners and times do not count, and neither do packages that npm has installed as
 * a lock file says, which counts itself: so a fresh clone hashes alike.
 */
export function folderParts(folder: string): (string | Buffer)[] {
  const rules = join(folder, ".dockerignore");
  const ignore = createIgnore();
  const lines = existsSync(rules) ? readFileSync(rules, "utf8").split("\n") : [];
  ignore.add(lines);
  // a negated rule may bring back a file below an ignored folder, so only without one are whole folders skipped
  const negated = lines.some((line) => line.trim().startsWith("!"));
  return walk(folder, "", { ignored: (path) => path !== ".dockerignore" && ignore.ignores(path), negated });
}

interface Rules {
  readonly ignored: (path: string) => boolean;
  readonly negated: boolean;
}

function walk(root: string, below: string, rules: Rules): (string | Buffer)[] {
  const names = readdirSync(join(root, below)).sort();
  return names.flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    const full = join(root, path);
    const stat = lstatSync(full);
    const ignored = rules.ignored(path);
    const locked = name === "node_modules" && names.includes("package-lock.json");
    if (stat.isDirectory()) return locked || (ignored && !rules.negated) ? [] : walk(root, path, rules);
    if (ignored) return [];
    if (stat.isSymbolicLink()) return [path, "link", readlinkSync(full)];
    if (!stat.isFile()) return [];
    return [path, (stat.mode & 0o111) === 0 ? "file" : "program", readFileSync(full)];
  });
}
