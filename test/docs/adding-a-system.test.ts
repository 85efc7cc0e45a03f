import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { x } from "tinyexec";
import { withSystems } from "../../scripts/systems";
import type { SystemName } from "../../systems/places";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/adding-a-system.md"), "utf8");

/** One thing that the page says to do: a file to write, or lines to add to one. */
interface Step {
  readonly file: string;
  /** The object that the lines go into. @default - the top of the file, or the whole of it */
  readonly within?: string | undefined;
  readonly top: boolean;
  readonly lines: string;
}

/** The blocks of the page, cut where a comment names a file. */
function stepsOf(text: string): readonly Step[] {
  const blocks = [...text.matchAll(/^```(?:ts|md)\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  const named = /^(?:\/\/|<!--) ((?:systems|test|scripts)\/\S+?)(?:, (?:in (\w+)|(at the top)))?(?: -->)?$/m;
  return blocks.flatMap((block) => {
    const [, ...parts] = block.split(named);
    return Array.from({ length: parts.length / 4 }, (_, index) => {
      const [file = "", within, top, lines = ""] = parts.slice(index * 4, index * 4 + 4);
      return { file, within, top: top !== undefined, lines: lines.trimStart() };
    });
  });
}

/** Does what a step says, in a copy of the project. */
function follow(copy: string, { file, within, top, lines }: Step): void {
  const path = join(copy, file);
  if (within === undefined && !top) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines);
    return;
  }
  const before = readFileSync(path, "utf8");
  const object = new RegExp(`const ${within}\\b[\\s\\S]*?= \\{`).exec(before);
  assert.ok(top || object !== null, `${file} has no object ${within}`);
  const at = object === null ? 0 : object.index + object[0].length;
  writeFileSync(path, `${before.slice(0, at)}${top ? "" : "\n"}${lines}${before.slice(at)}`);
}

describe("docs/adding-a-system.md", function () {
  this.timeout(300_000);
  let copy: string;

  before(() => {
    copy = mkdtempSync(join(tmpdir(), "twofold-sixth-"));
    const left = /(^|\/)(node_modules|\.git|\.twofold|dist)(\/|$)/;
    cpSync(root, copy, { recursive: true, filter: (path) => !left.test(path.slice(root.length)) });
    for (const folder of ["node_modules", "workloads/node_modules", "policy/node_modules"])
      symlinkSync(join(root, folder), join(copy, folder));
    for (const step of stepsOf(page)) follow(copy, step);
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  const run = async (...command: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await x(process.execPath, [...command], { nodeOptions: { cwd: copy } });
    assert.equal(exitCode, 0, stdout + stderr);
    return stdout;
  };

  it("is done in under sixty lines", () => {
    assert.ok(stepsOf(page).length >= 8);
    const lines = stepsOf(page).flatMap((step) => step.lines.split("\n").filter((line) => line !== ""));
    assert.ok(lines.length < 60, `${lines.length} lines`);
  });

  it("adds a system that the compiler accepts", async () => {
    await run("node_modules/typescript/bin/tsc");
  });

  it("adds a system that both targets take, and a picture of it", async () => {
    const file = join(copy, "Pulumi.dev.yaml");
    writeFileSync(file, withSystems(readFileSync(file, "utf8"), ["hello" as SystemName]));
    for (const [target, expected] of [
      ["docker", "container_name: hello-nginx"],
      ["kubernetes", "kind: Deployment"],
    ] as const) {
      const rendered = await run("--import", "tsx", "scripts/render.ts", "--system", "hello", "--target", target);
      assert.ok(rendered.includes(expected), rendered);
    }
    await run("--import", "tsx", "scripts/graph.ts");
    assert.match(readFileSync(join(copy, "systems/hello/README.md"), "utf8"), /n_nginx -->\|8080\| n_web/);
    assert.match(readFileSync(join(copy, "README.md"), "utf8"), /\| \[hello\].*127\.0\.0\.1:48000/);
  });
});
