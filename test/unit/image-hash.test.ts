import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { folderParts, shortHash } from "../../images/hash";

type Files = Readonly<Record<string, string>>;

describe("hash of a folder", () => {
  const made: string[] = [];
  const folderOf = (files: Files, order: readonly string[] = Object.keys(files)): string => {
    const folder = mkdtempSync(join(tmpdir(), "twofold-hash-"));
    made.push(folder);
    for (const path of order) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), files[path] ?? "");
    }
    return folder;
  };
  const hashOf = (folder: string): string => shortHash(folderParts(folder));
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
  });

  const files: Files = { Dockerfile: "FROM x", "src/a.ts": "a", "src/b.ts": "b" };

  it("is the same for the same files, written in any order at any time", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.keys(files), { minLength: 3 }),
        fc.date({ noInvalidDate: true }),
        (order, at) => {
          const folder = folderOf(files, order);
          utimesSync(join(folder, "Dockerfile"), at, at);
          assert.equal(hashOf(folder), hashOf(folderOf(files)));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("changes with a byte of content, with a name, and with the right to execute", () => {
    const before = hashOf(folderOf(files));
    assert.notEqual(hashOf(folderOf({ ...files, "src/a.ts": "A" })), before);
    assert.notEqual(hashOf(folderOf({ Dockerfile: "FROM x", "src/a.ts": "a", "src/c.ts": "b" })), before);
    const executable = folderOf(files);
    chmodSync(join(executable, "src/a.ts"), 0o755);
    assert.notEqual(hashOf(executable), before);
  });

  it("keeps the target of a link apart from a file with that content", () => {
    const link = folderOf({ a: "a" });
    symlinkSync("a", join(link, "b"));
    assert.notEqual(hashOf(link), hashOf(folderOf({ a: "a", b: "a" })));
  });

  it("leaves out packages that a lock file beside them pins, and no others", () => {
    const locked = { ...files, "package-lock.json": "{}" };
    const installed = { ...locked, "node_modules/a/index.js": "1" };
    assert.equal(hashOf(folderOf(installed)), hashOf(folderOf(locked)));
    assert.notEqual(hashOf(folderOf({ ...files, "node_modules/a/index.js": "1" })), hashOf(folderOf(files)));
  });

  it("leaves out what .dockerignore names, and keeps what it takes back", () => {
    const rules = { ".dockerignore": "node_modules\n*.log\ndist/*\n!dist/keep\n" };
    const bare = folderOf({ ...rules, "a.ts": "a", "dist/keep": "k" });
    const full = folderOf({
      ...rules,
      "a.ts": "a",
      "dist/keep": "k",
      "dist/x": "x",
      "b.log": "b",
      "node_modules/m/i.js": "i",
    });
    assert.equal(hashOf(full), hashOf(bare));
    assert.notEqual(hashOf(folderOf({ ...rules, "a.ts": "a", "dist/keep": "K" })), hashOf(bare));
  });

  it("tells the boundary between parts", () => {
    assert.notEqual(shortHash(["ab", "c"]), shortHash(["a", "bc"]));
  });
});
