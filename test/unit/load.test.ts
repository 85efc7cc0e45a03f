import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(__dirname, "../..");

describe("what loads the program", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "twofold-load-"));
    mkdirSync(join(folder, "scripts"));
    copyFileSync(join(repository, "scripts/load.cjs"), join(folder, "scripts/load.cjs"));
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  }

  function run(): string {
    const args = ["--require=./scripts/load.cjs", "main.ts"];
    return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).trim();
  }

  it("runs TypeScript whose imports have no extension", () => {
    write({
      "main.ts": 'import { twice } from "./twice";\nimport type { N } from "./twice";\nconsole.log(twice(4 as N));',
      "twice.ts": "export type N = number;\nexport const twice = (n: N): N => 2 * n;",
    });
    assert.equal(run(), "8");
  });

  it("imports TypeScript when the program asks for it", () => {
    write({
      "main.ts": 'void import("./later").then(({ word }) => console.log(word));',
      "later.ts": 'export const word: string = "later";',
    });
    assert.equal(run(), "later");
  });

  it("takes a file anew when it has changed", () => {
    write({ "main.ts": 'console.log("one" as string);' });
    assert.equal(run(), "one");
    write({ "main.ts": 'console.log("two" as string);' });
    assert.equal(run(), "two");
  });

  it("works where nothing can be kept", () => {
    write({ "main.ts": 'console.log("here" as string);', ".twofold": "a file where the folder would be" });
    chmodSync(join(folder, ".twofold"), 0o400);
    assert.equal(run(), "here");
  });

  it("gives lines of the source in stack traces, also from the cache", () => {
    const lines = [
      "interface Gone {\n  readonly with: string;\n}",
      "const gone: Gone | undefined = undefined;",
      "console.log(new Error(String(gone)).stack);",
    ];
    write({ "main.ts": lines.join("\n") });
    for (const stack of [run(), run()]) assert.match(stack, /main\.ts:5:/);
  });

  it("loads what the SDK seldom needs only when the SDK uses it", () => {
    write({
      "package.json": '{ "name": "seldom", "version": "1.0.0" }',
      "main.ts": [
        'import * as pulumi from "@pulumi/pulumi";',
        'const seldom = ["typescript", "@npmcli/arborist", "@pulumi/pulumi/automation"];',
        "const loaded = () => seldom.filter((name) => require.resolve(name) in require.cache);",
        "const before = loaded();",
        "const text = pulumi.runtime.serializeFunction(() => 42).then(({ text }) => text.includes('42'));",
        "void Promise.all([text, pulumi.runtime.computeCodePaths()]).then(([found, { size }]) =>",
        "  console.log(JSON.stringify([before, found, size, typeof pulumi.automation.LocalWorkspace, loaded()])),",
        ");",
      ].join("\n"),
    });
    assert.deepEqual(JSON.parse(run()), [
      ...[[], true, 0, "function"],
      ["typescript", "@npmcli/arborist", "@pulumi/pulumi/automation"],
    ]);
  });

  it("leaves the program's own imports alone", () => {
    write({ "main.ts": 'import typescript from "typescript";\nconsole.log(typescript.SyntaxKind.Unknown);' });
    assert.equal(run(), "0");
  });
});
