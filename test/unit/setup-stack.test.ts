import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { BareMachine } from "../support/bare-machine";

/** A Pulumi that notes how it is called, makes stacks as the real one does, and ends `up` and `destroy` as told. */
const pulumi = `
echo "$*" >>"$HOME/calls"
[[ $1 == -C ]] && cd "$2" && shift 2
case "$1 $2" in
  "stack init") mkdir -p "$state/.pulumi/stacks/twofold" && echo {} >"$state/.pulumi/stacks/twofold/$3.json"
    echo "encryptionsalt: v1:salt" >>"Pulumi.$3.yaml" ;;
  "stack output") echo '{"algo-trading":{"bot/http":"http://127.0.0.1:1","db":"127.0.0.1:2"}}' ;;
  "up --yes"|"destroy --yes") exit "\${ENDS:-0}" ;;
esac`;

describe("make up, preview and down", () => {
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
    machine.givesNode("24.1.0");
    machine.givesPackages();
    machine.givesDocker();
    machine.givesPulumi("3.260.0", `state=${machine.clone}/.twofold/state\n${pulumi}`);
  });
  afterEach(() => machine.remove());

  const calls = () =>
    readFileSync(join(machine.home, "calls"), "utf8").trimEnd().replaceAll(machine.clone, "clone").split("\n");

  it("makes the stack once, brings it up and prints where to look", () => {
    const first = machine.run("scripts/stack.sh up");
    assert.equal(first.code, 0, first.stderr);
    assert.equal(first.stdout, "\nalgo-trading:\n  bot/http  http://127.0.0.1:1\n  db        127.0.0.1:2\n");
    machine.run("scripts/stack.sh up");
    const up =
      "up --yes --skip-preview --suppress-outputs --config-file clone/.twofold/stacks/Pulumi.dev.yaml --stack dev";
    const output = "stack output addresses --json --stack dev";
    assert.deepEqual(calls(), ["-C clone/.twofold/stacks stack init dev", up, output, up, output]);
  });

  it("says so where it cannot look for what was changed by hand, and goes on", () => {
    machine.gives(
      "node",
      `[[ $1 == --version ]] && echo v24.1.0; [[ $* != *drift/cli.ts* ]] || { echo broken >&2; exit 2; }`,
    );
    const { code, stderr } = machine.run("scripts/stack.sh up");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^broken\n.*what was changed by hand could not be looked for/m);
    assert.ok(calls().some((call) => call.startsWith("up --yes")));
  });

  it("keeps the passphrase's salt out of the committed configuration", () => {
    machine.run("scripts/stack.sh up");
    assert.equal(readFileSync(join(machine.clone, "Pulumi.dev.yaml"), "utf8"), readFileSync("Pulumi.dev.yaml", "utf8"));
    machine.write("clone/Pulumi.dev.yaml", "config:\n  twofold:target: docker\n  twofold:keepVolumes: true\n");
    machine.run("scripts/stack.sh up");
    assert.equal(
      readFileSync(join(machine.clone, ".twofold/stacks/Pulumi.dev.yaml"), "utf8"),
      "config:\n  twofold:target: docker\n  twofold:keepVolumes: true\n\nencryptionsalt: v1:salt\n",
    );
  });

  it("takes a committed salt or secrets provider as it is", () => {
    machine.write("clone/Pulumi.dev.yaml", "secretsprovider: awskms://alias/team\n");
    machine.run("scripts/stack.sh preview");
    assert.equal(calls().at(-1), "preview --suppress-outputs --stack dev");
  });

  it("leaves the stack to the user's own backend", () => {
    machine.run("scripts/stack.sh up", { PULUMI_BACKEND_URL: "s3://states", STACK: "mine" });
    assert.deepEqual(calls().slice(0, 2), [
      "stack select --create --stack mine",
      "up --yes --skip-preview --suppress-outputs --stack mine",
    ]);
    assert.equal(machine.has("clone/.twofold/passphrase"), false);
  });

  describe("with SYSTEM", () => {
    /** Node.js as it is, but for the script that chooses systems: it writes what it is told, and says what is left. */
    const choosing = (left: string) =>
      machine.gives(
        "node",
        `[[ $1 == --version ]] && { echo v24.1.0; exit; }
        if [[ $* != *scripts/systems.ts* ]]; then exec '${process.execPath}' "$@"; fi
        cat >/dev/null; echo "systems \${*:4:1} of \${5##*/}: \${*:6}" >>"$HOME/calls"; echo '# ${left}' >>"$5"; echo '${left}'`,
      );
    const file = (): string => readFileSync(join(machine.clone, "Pulumi.dev.yaml"), "utf8");

    it("has the stack's file say which systems there are, and says so", () => {
      choosing("a b");
      const { code, stderr } = machine.run("scripts/stack.sh up", { SYSTEM: "a,b" });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /the stack dev is to have a, b; Pulumi\.dev\.yaml says so from now on/);
      assert.deepEqual(calls().slice(1, 3), ["stack export --stack dev", "systems up of Pulumi.dev.yaml: a b"]);
      assert.notEqual(file(), readFileSync("Pulumi.dev.yaml", "utf8"));
    });

    it("shows what up would do, and changes no file", () => {
      choosing("a");
      const { code, stderr } = machine.run("scripts/stack.sh preview", { SYSTEM: "a" });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /the stack dev if it had a:/);
      assert.match(
        calls().at(-1) ?? "",
        /^preview --suppress-outputs --config-file \S+\/Pulumi\.dev\.yaml --stack dev$/,
      );
      assert.equal(file(), readFileSync("Pulumi.dev.yaml", "utf8"));
    });

    it("takes one of several down by bringing up the others, and the last one as a whole", () => {
      machine.run("scripts/stack.sh up");
      const verbs = (): readonly string[] => calls().map((call) => call.split(" ")[0] ?? "");
      choosing("b");
      machine.run("scripts/stack.sh down", { SYSTEM: "a" });
      assert.deepEqual([verbs().filter((verb) => verb === "up").length, verbs().includes("destroy")], [2, false]);
      choosing("");
      machine.run("scripts/stack.sh down", { SYSTEM: "b" });
      assert.equal(verbs().at(-1), "destroy");
    });

    it("ends where a system has no such name", () => {
      machine.gives("node", `[[ $1 == --version ]] && { echo v24.1.0; exit; }; exit 1`);
      assert.equal(machine.run("scripts/stack.sh up", { SYSTEM: "x" }).code, 1);
      assert.ok(!calls().some((call) => call.startsWith("up ")));
    });
  });

  it("ends with Pulumi's exit code", () => {
    const up = machine.run("scripts/stack.sh up", { ENDS: "7" });
    assert.equal(up.code, 7);
    assert.equal(up.stdout, "");
    assert.equal(machine.run("scripts/stack.sh down", { ENDS: "4" }).code, 4);
  });

  it("has nothing to take down before the first up", () => {
    const { code, stderr } = machine.run("scripts/stack.sh down");
    assert.equal(code, 0);
    assert.equal(stderr, "there is no stack dev: nothing to take down\n");
    assert.equal(machine.has("home/calls"), false);
  });

  it("removes the lock of a run that was killed, and no other", () => {
    machine.run("scripts/stack.sh up");
    const { pid: ended } = spawnSync("true");
    const locks = ".twofold/state/.pulumi/locks/organization/twofold/dev";
    const lock = (name: string, pid: number, host: string) =>
      machine.write(`clone/${locks}/${name}.json`, JSON.stringify({ pid, username: "me", hostname: host }));
    lock("killed", ended, hostname());
    lock("elsewhere", ended, "another-machine");
    const script = `cp "$(command -v sleep)" pulumi && { ./pulumi 30 & echo '{"pid":'$!',"hostname":"${hostname()}"}' >${locks}/alive.json
      scripts/stack.sh up; kill $!; }`;
    const { code, stderr } = machine.run(script);
    assert.equal(code, 0);
    assert.match(stderr, new RegExp(`the last run \\(process ${ended}\\) was ended before it could unlock the stack`));
    assert.deepEqual(readdirSync(join(machine.clone, locks)).sort(), ["alive.json", "elsewhere.json"]);
  });

  it("says what is to be got by hand, and does nothing else", () => {
    machine.run('rm "$(command -v node)" "$(command -v npm)"');
    const { code, stderr } = machine.run("scripts/stack.sh up");
    assert.equal(code, 1);
    assert.match(stderr, /^twofold: some things are for you to get first:\n {2}Node\.js: none found, .*nodejs\.org/);
    assert.equal(machine.has("home/calls"), false);
    assert.equal(machine.has("clone/.twofold"), false);
  });
});

describe("make docker-stop", () => {
  it("stops no process but the dockerd that was started from here", () => {
    const machine = new BareMachine();
    try {
      machine.write("cache/docker/dockerd.pid", "");
      const { code, stderr } = machine.run(
        'sleep 30 & echo $! >"$TWOFOLD_CACHE/docker/dockerd.pid"; scripts/docker-stop.sh; code=$?; kill $! && exit $code',
      );
      assert.equal(code, 0);
      assert.equal(stderr, "no dockerd was started from here\n");
      const own = machine.run(
        'cp "$(command -v sleep)" dockerd; ./dockerd 30 & echo $! >"$TWOFOLD_CACHE/docker/dockerd.pid"; scripts/docker-stop.sh && ! kill -0 $! 2>/dev/null',
        { USER: "root" },
      );
      if (process.getuid?.() === 0) assert.equal(own.code, 0, own.stderr);
      else assert.match(own.stderr, /root is needed/);
      machine.run('kill "$(cat "$TWOFOLD_CACHE/docker/dockerd.pid")"');
    } finally {
      machine.remove();
    }
  });
});
