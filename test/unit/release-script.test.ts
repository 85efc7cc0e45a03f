import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BareMachine } from "../support/bare-machine";

/** A Pulumi that keeps the tags of a stack, unless it is too old to; $LOST keeps it from reading them. */
const pulumi = `
[[ $1 == -C ]] && cd "$2" && shift 2
case "$1 $2 $3" in
  "stack init "*) mkdir -p "$state/.pulumi/stacks/twofold" && echo {} >"$state/.pulumi/stacks/twofold/$3.json"
    echo "encryptionsalt: v1:salt" >>"Pulumi.$3.yaml" ;;
  "stack tag ls") [[ -z $LOST ]] || { echo 'error: the bucket is away' >&2; exit 1; }
    echo '{'; [[ ! -f $HOME/kept ]] || echo "  \\"$(cat "$HOME/kept")\\""; echo '}' ;;
  "stack tag set") [[ -n $OLD ]] || echo "$4\\": \\"$5" >"$HOME/kept" ;;
esac`;

/** A make that notes what it does with which release, and from where; it fails at what $FAILS names. */
const make = `
did="$3 $(git -C "$2" describe --tags)"
echo "$did $4 $([[ $2 == "$PWD" ]] && echo here || echo "with $(readlink "$2/.twofold")")" >>"$HOME/calls"
[[ -z $INTERRUPTED ]] || kill -TERM "$PPID"
[[ " $FAILS " != *" \${did// /@} "* ]]`;

/** A curl that notes what it is told on its standard input and in the file that it sends. */
const curl = `{ cat; for each; do [[ $each != @* ]] || cat "\${each#@}"; done; echo; } >>"$HOME/heard"; echo 200`;

describe("make release", function () {
  this.timeout(60_000);
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
    machine.givesNode("24.1.0");
    machine.givesPackages();
    machine.givesDocker();
    machine.givesPulumi("3.260.0", `state=${machine.clone}/.twofold/state\n${pulumi}`);
    machine.gives(
      "git",
      `PATH='${process.env["PATH"] ?? ""}' exec git -c user.name=me -c user.email=me@localhost "$@"`,
    );
    machine.gives("make", make);
    machine.gives("curl", curl);
    const made = machine.run(`git init -q -b main && printf '%s\\n' .twofold node_modules >.gitignore &&
      git add . && git commit -qm one && git tag v1.0.0 && git commit -q --allow-empty -m two && git tag v1.1.0`);
    assert.equal(made.code, 0, made.stderr);
  });
  afterEach(() => machine.remove());

  const at = (path: string): string =>
    machine.has(path) ? readFileSync(join(machine.clone, "..", path), "utf8").replaceAll(machine.clone, "clone") : "";
  const kept = () => at("home/kept").replace('twofold:release": "', "").trimEnd();
  const keep = (release: string) => machine.write("home/kept", `twofold:release": "${release}`);
  const release = (env: Readonly<Record<string, string>> = {}) => machine.run("scripts/release.sh", env);
  const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

  it("brings the tag up, holds it to the gate, keeps it with the state and says so", () => {
    const { code, stderr } = release();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /dev: no earlier release is known, so there is none to go back to/);
    assert.equal(at("home/calls"), "up v1.1.0 STACK=dev here\ngate v1.1.0 STACK=dev here\n");
    assert.equal(kept(), "v1.1.0");
  });

  for (const [fails, why] of [
    ["up@v1.1.0", "it did not come up"],
    ["gate@v1.1.0", "it did not pass the health gate"],
  ] as const)
    it(`goes back to the release before when ${why}, and tells people`, () => {
      keep("v1.0.0");
      const env = { FAILS: fails, NOTIFY_WEBHOOK_URL: "https://hooks.example.com/secret" };
      const { code, stderr } = release(env);
      assert.equal(code, 1, stderr);
      const back = `dev: v1.1.0 was not taken: ${why}. v1.0.0 runs again.`;
      assert.ok(stderr.endsWith(`${back}\nthe webhook was told\n`), stderr);
      assert.equal(at("home/heard"), `url = "https://hooks.example.com/secret"\n{"text": "${back}"}\n`);
      const calls = at("home/calls").trimEnd().split("\n");
      assert.deepEqual(calls.slice(-2), [
        "up v1.0.0 STACK=dev with clone/.twofold",
        "gate v1.0.0 STACK=dev with clone/.twofold",
      ]);
      assert.equal(kept(), "v1.0.0");
      assert.match(machine.run("git worktree list; git describe --tags").stdout, /^[^\n]*clone [^\n]*\nv1\.1\.0\n$/);
    });

  it("says it when the release before does not come back either", () => {
    keep("v1.0.0");
    const { code, stderr } = release({ FAILS: "gate@v1.1.0 up@v1.0.0" });
    assert.equal(code, 2);
    assert.match(stderr, /v1\.0\.0 did not come back: it did not come up\. Somebody has to look\.\nnobody is told/);
    assert.equal(kept(), "v1.0.0");
  });

  it("has nothing to go back to after the first release, and from a release to itself", () => {
    const first = release({ FAILS: "gate@v1.1.0" });
    assert.equal(first.code, 2);
    assert.match(first.stderr, /There is no earlier release to go back to\./);
    keep("v1.1.0");
    assert.equal(release({ FAILS: "gate@v1.1.0" }).code, 2);
    assert.doesNotMatch(at("home/calls"), /with clone/);
  });

  it("tells a pipeline's run in its summary, and where it is in the message", () => {
    const run = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "me/shop", GITHUB_RUN_ID: "7" };
    const summary = { GITHUB_STEP_SUMMARY: join(machine.home, "summary"), NOTIFY_WEBHOOK_URL: "https://x.example.com" };
    const tag = { CI: "true", GITHUB_REF_TYPE: "tag", GITHUB_REF_NAME: "v1.1.0", PULUMI_BACKEND_URL: "s3://states" };
    keep("v1.0.0");
    assert.equal(release({ ...run, ...summary, ...tag }).code, 0);
    assert.equal(at("home/summary"), "dev runs v1.1.0, which was v1.0.0 before.\n");
    assert.match(at("home/heard"), /before\. https:\/\/github\.com\/me\/shop\/actions\/runs\/7"/);
  });

  it("says that it does not know what runs when it is interrupted", () => {
    keep("v1.0.0");
    const { code, stderr } = release({ INTERRUPTED: "1" });
    assert.equal(code, 2);
    assert.match(stderr, /dev: the release of v1\.1\.0 was interrupted\. What runs is not known: run it again\./);
    assert.equal(kept(), "v1.0.0");
  });

  it("says when the state does not keep what runs", () => {
    const { code, stderr } = release({ OLD: "1" });
    assert.equal(code, 2);
    assert.match(stderr, /its state does not say so, .*: Pulumi 3\.211 or newer can\./);
  });

  const refusals: readonly [what: string, before: string, env: Readonly<Record<string, string>>, says: RegExp][] = [
    [
      "what is no release",
      "git commit -q --allow-empty -m more",
      {},
      /what is checked out is no release\n {2}git checkout a tag/,
    ],
    [
      "one of several tags",
      "git tag latest",
      {},
      /has several tags: latest v1\.1\.0\n {2}choose one: make release TAG=/,
    ],
    ["a tag of another commit", "", { TAG: "v1.0.0" }, /the tag v1\.0\.0 is not on the commit that is checked out/],
    ["what differs from the tag", "echo >>Makefile", {}, /what is checked out differs from v1\.1\.0/],
    [
      "a pipeline without a state",
      "",
      { CI: "true" },
      /there is no state to keep the release in\n {2}set PULUMI_BACKEND_URL/,
    ],
    ["a way back that is not here", "git tag -d v1.0.0", {}, /the release that runs, v1\.0\.0, is not in this clone/],
    ["a state that cannot be read", "", { LOST: "1" }, /error: the bucket is away\n.*does not say which release runs/],
  ];
  for (const [what, before, env, says] of refusals)
    it(`refuses ${what} before it changes anything`, () => {
      keep("v1.0.0");
      machine.run(before === "" ? "true" : before);
      const { code, stderr } = release(env);
      assert.equal(code, 1, lastLine(stderr));
      assert.match(stderr, says);
      assert.equal(machine.has("home/calls"), false);
    });

  it("takes the tag that is asked for of several", () => {
    machine.run("git tag latest");
    assert.equal(release({ TAG: "latest" }).code, 0);
    assert.equal(kept(), "latest");
  });
});
