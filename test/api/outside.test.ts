import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { z } from "zod";

const root = join(__dirname, "../..");
const packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }));
const manifest = z.object({
  devDependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
});
const outcome = z.object({
  tree: z.array(z.string()),
  endpoints: z.record(z.string(), z.string()),
  gaps: z.array(z.string()),
  omitted: z.record(z.string(), z.string()),
});

/** Runs a program in a folder and gives back what it prints; fails with all of its output. */
async function run(folder: string, program: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await x(program, [...args], { nodeOptions: { cwd: folder } });
  assert.equal(exitCode, 0, `${program} ${args.join(" ")}\n${stdout}\n${stderr}`);
  return stdout;
}

describe("the packed package, in a folder of somebody else's", function () {
  this.timeout("10m");
  let folder = "";
  let files: readonly string[] = [];

  before(async function () {
    if ((await x("npm", ["ping"])).exitCode !== 0) {
      console.log("      skipped: npm's registry does not answer, and the package's peers come from there");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "twofold-outside-"));
    const [tarball] = packed.parse(
      JSON.parse(await run(root, "npm", "pack", "--silent", "--json", "--pack-destination", folder)),
    );
    assert.ok(tarball);
    files = tarball.files.map(({ path }) => path).sort();
    const { devDependencies, peerDependencies } = manifest.parse(
      JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
    );
    const peers = Object.keys(peerDependencies).map((name) => `${name}@${devDependencies[name] ?? "missing"}`);
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    copyFileSync(join(__dirname, "outside/program.cjs"), join(folder, "program.cjs"));
    const quiet = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run(folder, "npm", "install", ...quiet, `./${tarball.filename}`, ...peers);
  });

  after(() => {
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  it("holds the compiled components with their types, the tests and sources left out", () => {
    assert.deepEqual(
      files.filter((path) => !/^dist\/(components|dashboards|images|report)\/[a-z0-9/-]+(\.js|\.d\.ts)$/.test(path)),
      ["README.md", "package.json"],
    );
    assert.ok(files.includes("dist/components/index.d.ts"));
  });

  it("brings the command preview-report, which needs nothing that is not there", async () => {
    assert.match(
      await run(folder, "node_modules/.bin/preview-report", "post", "--help"),
      /^usage: preview-report post /,
    );
  });

  it("brings no SDK of its own, of which there may be one only", () => {
    const own = readdirSync(join(folder, "node_modules/twofold"));
    assert.ok(!own.includes("node_modules"), "packages of its own");
  });

  it("runs without the command line, with the components where a person would look for them", async () => {
    const { tree, endpoints, gaps, omitted } = outcome.parse(JSON.parse(await run(folder, "node", "program.cjs")));
    // Images, networks and the deployment's id are the target's own affair.
    const named = tree.filter((line) => !/Network |RemoteImage |Stash /.test(line));
    assert.deepEqual(named, [
      "twofold:index:Service cache",
      "twofold:index:Service$docker:index/container:Container cache-cache",
      "twofold:index:Service$docker:index/container:Container shop-api",
      "twofold:index:Service$docker:index/container:Container shop-db",
      "twofold:index:System shop",
      "twofold:index:System$random:index/randomPassword:RandomPassword shop-db-password",
      "twofold:index:System$twofold:index:Service shop-api",
      "twofold:index:System$twofold:index:Service shop-db",
    ]);
    assert.deepEqual(endpoints, { "api/http": "http://127.0.0.1:8080" });
    assert.ok(gaps.includes("db autoscale"), gaps.join());
    assert.deepEqual(omitted, {});
  });

  it("has types that its user's compiler understands", async () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const strict = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--skipLibCheck", "--module", "nodenext"];
    await run(folder, "node", compiler, ...strict, "--target", "es2023", "program.cjs");
  });
});
