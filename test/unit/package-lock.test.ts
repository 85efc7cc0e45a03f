import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Entry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe("package-lock.json", () => {
  // npm leaves out what the registry at hand does not offer, and `npm ci` then refuses the file everywhere
  it("has an entry for every optional dependency of every package, whatever machine wrote it", () => {
    const lock = JSON.parse(readFileSync(join(__dirname, "../../package-lock.json"), "utf8")) as {
      readonly packages: Readonly<Record<string, Entry>>;
    };
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !placesOf(name, path).some((place) => place in lock.packages)),
    );
    assert.deepEqual(missing, []);
  });
});

/** Where a package that another one needs may be, nearest first. */
function placesOf(name: string, path: string): readonly string[] {
  const folders =
    path === ""
      ? []
      : path.split("/node_modules/").map((_, index, all) => all.slice(0, index + 1).join("/node_modules/"));
  return [...folders.reverse().map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`];
}
