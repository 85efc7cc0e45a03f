import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { localBuild, localReference, nameOf, recipeFolder } from "../../images/local";
import { entry, imageNames, upstream } from "../../images/table";

const builds = imageNames.flatMap((name) => localBuild(name) ?? []);

describe("table of images", () => {
  it("pins every upstream reference to a tag that names a full version", () => {
    for (const name of imageNames) assert.match(upstream(name), /^[^:]+:[^:]*\d+\.\d+/, name);
  });

  it("names no image twice", () => {
    assert.equal(new Set(imageNames.map(upstream)).size, imageNames.length);
    assert.equal(new Set(builds.map((build) => build.name)).size, builds.length);
  });

  it("has a local build for all but Grafana and what is beside it, whose absence is explained", () => {
    const without = imageNames.filter((name) => localBuild(name) === undefined);
    assert.deepEqual(without, ["grafana", "k8sSidecar"]);
    const { local } = entry("grafana");
    assert.match("unavailable" in local ? local.unavailable : "", /^Grafana is published only as an image/);
  });

  it("runs nothing as root but cAdvisor, which reads the engine's own folders", () => {
    assert.deepEqual(
      imageNames.filter((name) => entry(name).user.uid === 0),
      ["cadvisor"],
    );
  });

  it("finds the entry of each upstream reference, and none for another tag", () => {
    for (const name of imageNames) assert.equal(nameOf(upstream(name)), name);
    assert.equal(nameOf("postgres:15-alpine"), undefined);
  });

  it("has one recipe for each build, and no recipe without one", () => {
    const folder = join(recipeFolder({ name: ".", base: "debian", from: "" }));
    const recipes = readdirSync(folder).filter((name) => existsSync(join(folder, name, "Dockerfile")));
    assert.deepEqual(recipes.sort(), builds.map((build) => build.name).sort());
  });

  it("gives each build a reference that any engine takes", () => {
    for (const build of builds) assert.match(localReference(build), /^twofold\.local\/[a-z0-9-]+:[0-9a-f]{12}$/);
  });

  it("has files that recipes share in the reference of each", () => {
    const sharing = builds.filter(({ shares }) => shares !== undefined);
    assert.deepEqual(
      sharing.map(({ name, shares }) => `${name} ${shares}`),
      ["postgres13 postgres", "postgres15 postgres"],
    );
    for (const { shares: _, ...alone } of sharing)
      assert.ok(!builds.some((build) => localReference(build) === localReference(alone)), alone.name);
  });

  for (const build of builds) {
    it(`says in the recipe of ${build.name} which numeric user it runs as, the one of the table`, () => {
      const name = imageNames.find((candidate) => localBuild(candidate)?.name === build.name);
      assert.ok(name !== undefined);
      const { user, stopSignal } = entry(name);
      const recipe = readFileSync(join(recipeFolder(build), "Dockerfile"), "utf8");
      // node24 is a base: whoever builds on it chooses the user
      const last = recipe.match(/^USER .*/gm)?.at(-1);
      assert.equal(last, name === "node24" ? undefined : `USER ${user.uid}:${user.gid}`);
      assert.equal(recipe.match(/^STOPSIGNAL (.*)/m)?.[1], stopSignal);
      assert.match(recipe, /^ARG BASE\nFROM \$\{BASE\}\n/);
    });
  }
});
