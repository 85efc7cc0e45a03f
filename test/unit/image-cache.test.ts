import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { cacheFolder, clearAbandoned, workFolder } from "../../images/cache";

describe("cache of builds", () => {
  let root: string;
  const before = process.env["TWOFOLD_CACHE"];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "twofold-cache-"));
    process.env["TWOFOLD_CACHE"] = root;
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
    if (before === undefined) delete process.env["TWOFOLD_CACHE"];
    else process.env["TWOFOLD_CACHE"] = before;
  });

  it("lies where the environment says, else in the user's cache folder", () => {
    assert.equal(cacheFolder({ TWOFOLD_CACHE: "/a", XDG_CACHE_HOME: "/b" }), "/a");
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "/b" }), "/b/twofold");
    assert.match(cacheFolder({}), /\/\.cache\/twofold$/);
  });

  it("is cleared of the work of processes that are gone, and of nothing else", () => {
    const own = workFolder("redis7");
    assert.match(basename(own), new RegExp(`^${process.pid}-redis7-`));
    // above the highest process number that Linux gives
    const abandoned = join(root, "images", "4194305-redis7-abc");
    mkdirSync(join(abandoned, "node_modules"), { recursive: true });
    clearAbandoned();
    assert.equal(existsSync(own), true);
    assert.equal(existsSync(abandoned), false);
  });
});
