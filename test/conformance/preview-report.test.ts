import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { x } from "tinyexec";
import { type Report, reportSchema } from "../../report/schema";
import { missingPrograms } from "./harness/programs";
import { programs, PulumiStack } from "./harness/pulumi";

const root = join(__dirname, "../..");
const passphrase = randomBytes(12).toString("hex");
const canary = (): string => `canary${randomBytes(12).toString("hex")}`;
const [moved, configured] = [canary(), canary()];

interface Program {
  readonly kept: Readonly<Record<string, { readonly value: string; readonly secret?: boolean }>>;
  readonly passwordLength: number;
  readonly gaps?: readonly string[];
  readonly fails?: boolean;
}

const first: Program = { kept: { moved: { value: moved }, gone: { value: "1" } }, passwordLength: 20 };
const env = (program: Program) => ({ TWOFOLD_REPORT: JSON.stringify(program) });

describe("preview-report on the real engine", function () {
  this.timeout(120_000);
  let stack: PulumiStack;
  let folder = "";

  before(async function () {
    const missing = await missingPrograms("random");
    if (missing !== undefined) {
      console.log(`      skipped: ${missing}`);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "twofold-report-"));
    stack = await PulumiStack.create(`twofold-report-${randomBytes(4).toString("hex")}`, passphrase, programs.report);
    await stack.setSecret("apiKey", configured);
    const { code, output } = await stack.up(env(first));
    assert.equal(code, 0, output);
  });

  after(() => {
    if (folder === "") return;
    stack.remove();
    rmSync(folder, { recursive: true });
  });

  interface Told {
    readonly code: number | undefined;
    readonly report: Report;
    /** All that the command has written. */
    readonly text: string;
  }

  const previewed = async (program: Program, ...args: readonly string[]): Promise<Told> => {
    const out = join(folder, randomBytes(4).toString("hex"));
    const given = ["preview", "--dir", programs.report, "--out", out, "--stack", stack.name, ...args];
    const { exitCode, stdout, stderr } = await x(process.execPath, ["--import", "tsx", "report/cli.ts", ...given], {
      nodeOptions: { cwd: root, env: { ...stack.env, ...env(program) } },
    });
    const files = ["report.json", "comment.md", "summary.md"].map((name) => join(out, name));
    assert.ok(files.every(existsSync), stdout + stderr);
    const [json = "", ...others] = files.map((file) => readFileSync(file, "utf8"));
    return {
      code: exitCode,
      report: reportSchema.parse(JSON.parse(json)),
      text: [json, ...others, stdout, stderr].join("\n"),
    };
  };
  const changes = ({ report }: Told) =>
    report.stacks.flatMap((each) => each.changes.map(({ kind, name, causes }) => [kind, name, ...causes]));

  it("says so when nothing changes", async () => {
    const told = await previewed(first);
    assert.deepEqual([told.code, told.report.verdict, changes(told)], [0, "passed", []]);
    assert.equal(told.report.stacks[0]?.counts.same, 6);
    assert.match(told.text, /^Nothing changes, 6 unchanged\.$/m);
  });

  it("says what is updated, replaced and deleted and why, and shows no secret of either side", async () => {
    const kept = { moved: { value: moved, secret: true }, copied: { value: `a copy of ${moved}` } };
    const told = await previewed({ kept, passwordLength: 24, gaps: ["update"] });
    assert.deepEqual(changes(told).sort(), [
      ["create", "copied"],
      ["delete", "gone"],
      ["replace", "password", { path: "length", change: "update", replaces: true, old: "20", new: "24" }],
      ["update", "moved", { path: "input", change: "update", replaces: false, secret: true }],
    ]);
    const [report] = told.report.stacks;
    assert.deepEqual(
      report?.changes.map(({ system }) => system),
      ["shop", "shop", "shop", "shop"],
    );
    assert.deepEqual(
      report?.parity.added.map(({ system, service, feature }) => [system, service, feature]),
      [["shop", "api", "update"]],
    );
    assert.equal(report?.target, "docker");
    const password = String(await stack.outputOf("password", "result"));
    assert.equal(password.length, 20);
    for (const secret of [moved, configured, password, passphrase]) assert.ok(!told.text.includes(secret), told.text);
  });

  it("is written when the program fails, with the program's words but for its secrets", async () => {
    const kept = { moved: { value: moved, secret: true } };
    const told = await previewed({ kept, passwordLength: 20, fails: true });
    assert.deepEqual([told.code, told.report.verdict], [2, "failed"]);
    assert.deepEqual(told.report.stacks[0]?.errors, ["cannot go on with [secret]"]);
    assert.ok(!told.text.includes(moved), told.text);
  });

  it("is written when the stack cannot be read", async () => {
    const { code, report } = await previewed(first, "--stack", "no-such-stack");
    assert.equal(code, 2);
    assert.deepEqual(
      report.stacks.map(({ result }) => result),
      ["succeeded", "failed"],
    );
    assert.match(report.stacks[1]?.errors.join() ?? "", /no stack named 'no-such-stack' found/);
  });

  it("is written for those who may not read the stack, as a first deployment", async () => {
    const nobody = { PULUMI_CONFIG_PASSPHRASE: "", PULUMI_BACKEND_URL: `file://${folder}` };
    const out = join(folder, "fresh");
    // both are from where the command runs, although Pulumi runs elsewhere
    const file = join(".twofold/conformance", `Pulumi.${stack.name}.yaml`);
    const given = [
      "preview",
      "--fresh",
      "--dir",
      relative(root, programs.report),
      "--out",
      out,
      "--stack",
      `${stack.name}=${file}`,
    ];
    const { exitCode, stderr } = await x(process.execPath, ["--import", "tsx", "report/cli.ts", ...given], {
      nodeOptions: { cwd: root, env: { ...stack.env, ...nobody, ...env(first) } },
    });
    assert.equal(exitCode, 0, stderr);
    const [report] = reportSchema.parse(JSON.parse(readFileSync(join(out, "report.json"), "utf8"))).stacks;
    assert.deepEqual([report?.result, report?.first, report?.counts.create], ["succeeded", true, 6]);
    assert.deepEqual(await previewed(first).then(changes), []);
  });
});
