import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { x } from "tinyexec";
import { DescriptionError } from "../../components/core/errors";
import { runPost } from "../../report/cli-post";
import { runPreview } from "../../report/cli-preview";
import { renderComment } from "../../report/render/comment";
import { reportSchema } from "../../report/schema";
import { FakeGitHub } from "../support/fake-github";
import { previewOf, reported } from "../support/previews";
import { images, shop } from "../support/shop";

/** What a command complains of, which a user can correct. */
async function rejected(command: Promise<unknown>): Promise<string> {
  const error = await command.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DescriptionError, String(error));
  return error.message;
}

const root = join(__dirname, "../..");
const report = reported(previewOf(shop(), shop({ webImage: images.new })));

describe("the command preview-report", function () {
  this.timeout(60_000);
  let folder = "";
  const file = (name: string): string => join(folder, name);
  const read = (name: string): string => readFileSync(file(name), "utf8");
  const write = (name: string, content: unknown): string => {
    writeFileSync(file(name), typeof content === "string" ? content : JSON.stringify(content));
    return file(name);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "twofold-report-"));
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("given.json", report);
  });

  after(() => rmSync(folder, { recursive: true }));

  /** Without Pulumi, git or anything else on PATH. */
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const nothing = { GITHUB_SHA: "", GITHUB_REPOSITORY: "", GITHUB_RUN_ID: "", GITHUB_REF: "", GITHUB_TOKEN: "" };
    const { exitCode, stdout, stderr } = await x(process.execPath, ["--import", "tsx", "report/cli.ts", ...args], {
      nodeOptions: { cwd: root, env: { PATH: dirname(process.execPath), ...nothing, ...env } },
    });
    return { code: exitCode, stdout, stderr };
  };

  it("tells how it is used", async () => {
    for (const args of [["--help"], ["preview", "--help"], ["post", "-h"]]) {
      const { code, stdout } = await run(args);
      assert.match(stdout, /^usage: preview-report /);
      assert.equal(code, 0);
    }
  });

  const dev = ["--dir", "FOLDER", "--stack", "dev"];
  const given = ["--report", "FOLDER/given.json"];
  const mistakes: readonly (readonly ["preview" | "post", readonly string[], RegExp])[] = [
    [
      "preview",
      ["--wat"],
      /^preview report: 1 problem\n {2}arguments: are wrong: Unknown option '--wat'.*; see --help$/,
    ],
    ["preview", ["--dir", "FOLDER"], /--stack: is missing; name at least one stack$/],
    ["preview", [...dev, "--gate", "x=fail"], /--gate: is "x=fail"; use NAME=fail or NAME=show, /],
    ["preview", [...dev, "--gate", "parity=stop"], /gates\.parity: is "stop"; use one of fail, show$/],
    ["preview", [...dev, "--timeout", "0"], /--timeout: is "0"; use minutes, more than 0$/],
    ["preview", [...dev, "--commit", "main"], /--commit: is "main"; use the hexadecimal digits of a commit$/],
    [
      "preview",
      [...dev, "--run-url", "javascript:x"],
      /--run-url: is "javascript:x"; use an address that begins with https:/,
    ],
    ["preview", ["--stack", "dev", "--dir", "FOLDER/none"], /Pulumi\.yaml: cannot be read: ENOENT/],
    ["preview", [...dev, "--base", "FOLDER/Pulumi.yaml"], /Pulumi\.yaml: cannot be read: .*valid JSON/s],
    ["preview", [...dev, "--settings", "FOLDER/given.json"], /version: is not a known name; /],
    ["post", [], /--report: is missing/],
    ["post", [...given, "--repo", "../x"], /--repo: is "\.\.\/x"; use OWNER\/NAME$/],
    ["post", [...given, "--repo", "a/b", "--pull", "1"], /GITHUB_TOKEN: is not set/],
  ];
  for (const [command, args, expected] of mistakes)
    it(`tells what is wrong with ${[command, ...args].join(" ")}`, async () => {
      const words = args.map((arg) => arg.replace("FOLDER", folder));
      assert.match(await rejected(command === "preview" ? runPreview(words) : runPost(words)), expected);
    });

  it("tells a mistake without a stack trace, and ends with 1", async () => {
    const { code, stdout, stderr } = await run(["post"]);
    assert.deepEqual([code, stdout, stderr.split("\n").length], [1, "", 3]);
    assert.match((await run(["previeu"])).stderr, /^usage: /);
  });

  it("writes a report where there is not even a Pulumi, and ends with 2 unless that is to be shown alone", async () => {
    const args = ["preview", "--dir", folder, "--out", file("out"), "--stack", "dev", "--commit", "0123456789ab"];
    const { code, stderr } = await run(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^failed, stopped by preview \(1\); report\.json, comment\.md and summary\.md are in /m);
    const written = reportSchema.parse(JSON.parse(read("out/report.json")));
    assert.deepEqual(
      [written.verdict, written.commit, written.stacks[0]?.result],
      ["failed", "0123456789ab", "failed"],
    );
    assert.equal(read("out/comment.md"), renderComment(written));
    assert.match(read("out/comment.md"), /\*\*Errors\*\* of `dev`/);
    assert.equal((await run([...args, "--gate", "preview=show"])).code, 0);
    write("preview-report.yaml", "gates: { preview: show }\n");
    assert.equal((await run(args)).code, 0);
    assert.equal((await run([...args, "--gate", "preview=fail"])).code, 2);
    write("preview-report.yaml", "");
  });

  it("renders a report anew into a file, without a link to anywhere else", async () => {
    const post = (repository: string) =>
      run(["post", "--report", file("given.json"), "--file", file("comment.md"), "--repo", repository]);
    assert.equal((await post("acme/shop")).code, 0);
    assert.equal(read("comment.md"), renderComment(report));
    assert.match(read("comment.md"), /\[run\]\(https:\/\/github\.com\/acme\/shop\/actions\/runs\/7\)/);
    await post("other/shop");
    assert.doesNotMatch(read("comment.md"), /\]\(/);
  });

  it("refuses a report of another form", async () => {
    const { code, stderr } = await run([
      "post",
      "--report",
      write("evil.json", { ...report, extra: 1 }),
      "--file",
      file("x"),
    ]);
    assert.match(stderr, /evil\.json: cannot be read: .*Unrecognized key/);
    assert.equal(code, 1);
  });

  it("posts to GitHub, by number or by branch, and says where", async () => {
    const github = new FakeGitHub();
    const api = await github.listen();
    const post = (...where: readonly string[]) =>
      run(["post", "--report", file("given.json"), "--repo", "acme/shop", "--api", api, ...where], {
        GITHUB_TOKEN: "token",
      });
    try {
      assert.match((await post("--pull", "7")).stderr, /^created: https:\/\/github\.com\/acme\/shop\/pull\/7#1$/m);
      assert.match((await post("--head", "fork:branch")).stderr, /^updated: /m);
      assert.match(
        (await post("--head", "fork:none")).stderr,
        /^nothing is posted: fork:none has no open pull request$/m,
      );
      const { code, stderr } = await post("--pull", "8");
      assert.match(stderr, /refuses: GET \/repos\/acme\/shop\/pulls\/8: 404/);
      assert.equal(code, 1);
      assert.deepEqual(
        github.comments.map(({ body }) => body),
        [renderComment(report)],
      );
    } finally {
      await github.close();
    }
  });
});
