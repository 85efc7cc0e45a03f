import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { BareMachine } from "../support/bare-machine";

const workflow = ".github/workflows/pull-request.yml";

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

/** The steps of the job that every pull request gets, as GitHub reads them. */
const steps = (parse(readFileSync(workflow, "utf8")) as Workflow).jobs["checks"]?.steps.flatMap(({ run = [] }) => run);

/** A make that notes what it is asked for, in which clone of what, and fails where $FAILS says so. */
const make = `
for each; do [[ $each != *' '* ]] || each=\${each/=/=\\"}\\"; words+=" $each"; done
echo "make$words" >>"$HOME/made"
echo "$PWD $(git log -1 --format=%s) CI=$CI \${MAKEFLAGS-unset} \${STACK-unset}" >>"$HOME/where"
[[ $1 != preview-report ]] || { mkdir -p .twofold/preview-report && echo '{}' >.twofold/preview-report/report.json; }
[[ $1 != "$FAILS" ]]`;

describe("make ci-pr", function () {
  this.timeout(30_000);
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
    machine.gives(
      "git",
      `PATH='${process.env["PATH"] ?? ""}' exec git -c user.name=me -c user.email=me@localhost "$@"`,
    );
    machine.gives("make", make);
    mkdirSync(join(machine.clone, ".github"));
    cpSync(".github", join(machine.clone, ".github"), { recursive: true });
    const made = machine.run(`git init -q -b main && echo .twofold >.gitignore && git add . && git commit -qm one &&
      git checkout -qb change && echo new >new && git add new && git commit -qm proposed`);
    assert.equal(made.code, 0, made.stderr);
  });
  afterEach(() => machine.remove());

  const run = (env: Readonly<Record<string, string>> = {}) => machine.run("scripts/ci-pr.sh", env);
  const lines = (path: string) => readFileSync(join(machine.home, path), "utf8").trimEnd().split("\n");

  it("runs the steps of the pull request's job, no more and no fewer, on what it would become in the base", () => {
    const { code, stdout, stderr } = run({ MAKEFLAGS: "s", STACK: "prod" });
    assert.equal(code, 0, stderr);
    assert.ok(steps !== undefined && steps.length >= 3);
    assert.deepEqual(lines("made"), steps);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/^passed +\d+s +/, "")),
      steps,
    );
    for (const where of lines("where")) assert.match(where, /\/clone Merge .* CI=true unset unset$/);
    assert.ok(lines("where").every((where) => !where.startsWith(machine.clone)));
    assert.equal(machine.has("clone/.twofold/ci-pr/report.json"), true);
  });

  it("runs all of them, whatever becomes of one, and fails at the end", () => {
    const { code, stdout } = run({ FAILS: "check" });
    assert.equal(code, 1);
    assert.deepEqual(lines("made"), steps);
    assert.match(stdout, /^failed +\d+s {2}make check\npassed /);
  });

  it("leaves out what is not committed, and says so", () => {
    machine.run("echo change >>new");
    assert.match(run().stderr, /^what is not committed is left out\n/);
  });

  it("leaves nothing behind", () => {
    const found = machine.run(
      'TMPDIR=$HOME/tmp; mkdir "$TMPDIR"; export TMPDIR; scripts/ci-pr.sh; find "$TMPDIR" | grep -c .',
    );
    assert.equal(found.stdout.trimEnd().split("\n").at(-1), "1");
    assert.equal(machine.run("git status --porcelain; git branch --list").stdout, "* change\n  main\n");
  });

  it("refuses what does not merge, and says what to do", () => {
    machine.run(
      "git checkout -q main && echo other >new && git add new && git commit -qm other && git checkout -q change",
    );
    const { code, stderr } = run();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /twofold: [0-9a-f]+ does not merge with main\n {2}git merge main, and correct what conflicts\n$/,
    );
    assert.equal(machine.has("home/made"), false);
  });

  it("refuses a base that is not there", () => {
    const { stderr } = run({ BASE: "upstream/main" });
    assert.match(stderr, /there is no upstream\/main to merge into\n {2}name another: make ci-pr BASE=/);
  });
});
