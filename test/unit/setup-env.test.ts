import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { BareMachine } from "../support/bare-machine";

describe("make env", () => {
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
    machine.givesNode("24.1.0");
  });
  afterEach(() => machine.remove());

  /** The settings that `make env` prints, with `clone` and `home` for the machine's folders. */
  function settings(env: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { code, stdout, stderr } = machine.run("scripts/env.sh", env);
    assert.equal(code, 0, stderr);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .filter((line) => line !== "");
    return Object.fromEntries(
      lines.map((line) => {
        const [, name = line, value = ""] = /^export ([A-Z_]+)=(.*)$/.exec(line) ?? [];
        // what the shell would take for a pattern is escaped
        const plain = value.replaceAll("\\?", "?");
        return [name, plain.replaceAll(machine.clone, "clone").replaceAll(machine.home, "home")];
      }),
    );
  }

  it("leads plain pulumi to the built tools and to the clone's state", () => {
    assert.deepEqual(settings(), {
      PATH: 'clone/.twofold/pulumi/bin:"$PATH"',
      PULUMI_HOME: "clone/.twofold/pulumi",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_BACKEND_URL: "file://clone/.twofold/state?metadata=skip",
      PULUMI_CONFIG_PASSPHRASE_FILE: "clone/.twofold/passphrase",
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    });
  });

  it("says the same in a shell that has evaluated it", () => {
    const inShell = machine.run('eval "$(scripts/env.sh)"; scripts/env.sh; echo "$PULUMI_BACKEND_URL"');
    assert.equal(inShell.stdout, `file://${machine.clone}/.twofold/state?metadata=skip\n`);
  });

  it("lets a Node.js that was fetched trust whom the machine trusts", () => {
    machine.givesNode("20.1.0");
    const [, version = ""] = /^node_version=(.*)$/m.exec(machine.run("cat scripts/lib/node.sh").stdout) ?? [];
    const node = `cache/node-${version}/bin/node`;
    machine.write(node, "");
    machine.run(`chmod +x "../${node}"`);
    assert.equal(settings()["NODE_USE_SYSTEM_CA"], "1");
    assert.equal("NODE_USE_SYSTEM_CA" in settings({ NODE_USE_SYSTEM_CA: "0" }), false);
  });

  it("leaves somebody's own Pulumi its home and its plugins", () => {
    machine.givesPulumi("3.260.0");
    assert.deepEqual(Object.keys(settings()), [
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE_FILE",
      "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER",
    ]);
  });

  const withoutState = [
    "PATH",
    "PULUMI_HOME",
    "PULUMI_SKIP_UPDATE_CHECK",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
  ];

  it("leaves a backend from the environment alone, and its passphrase too", () => {
    assert.deepEqual(Object.keys(settings({ PULUMI_BACKEND_URL: "s3://states" })), withoutState);
    assert.deepEqual(Object.keys(settings({ PULUMI_ACCESS_TOKEN: "pul-0" })), withoutState);
  });

  it("leaves a backend of Pulumi.yaml alone", () => {
    machine.run("printf 'backend:\\n  url: s3://states\\n' >>Pulumi.yaml");
    assert.deepEqual(Object.keys(settings()), withoutState);
  });

  it("keeps a login that was made with another Pulumi", () => {
    machine.write("home/.pulumi/credentials.json", '{ "current": "https://api.example.org", "accessTokens": {} }');
    const found = settings();
    assert.equal(found["PULUMI_CREDENTIALS_PATH"], "home/.pulumi");
    assert.equal("PULUMI_BACKEND_URL" in found, false);
    assert.equal("PULUMI_CONFIG_PASSPHRASE_FILE" in found, false);
  });

  it("does not take credentials without a current backend for a login", () => {
    machine.write("home/.pulumi/credentials.json", '{ "current": "", "accessTokens": {} }');
    assert.equal(settings()["PULUMI_BACKEND_URL"], "file://clone/.twofold/state?metadata=skip");
  });

  it("takes a passphrase from the environment, an empty one too", () => {
    assert.equal("PULUMI_CONFIG_PASSPHRASE_FILE" in settings({ PULUMI_CONFIG_PASSPHRASE: "" }), false);
    assert.equal("PULUMI_CONFIG_PASSPHRASE_FILE" in settings({ PULUMI_CONFIG_PASSPHRASE_FILE: "/mine" }), false);
  });

  it("passes on the address of a Docker context that is not the default", () => {
    machine.gives("docker", "[[ $1 == context ]] && echo unix:///home/me/.docker/docker.sock");
    assert.equal(settings()["DOCKER_HOST"], "unix:///home/me/.docker/docker.sock");
    assert.equal("DOCKER_HOST" in settings({ DOCKER_HOST: "tcp://elsewhere:2375" }), false);
  });

  it("survives blanks in the path of the clone", () => {
    const there = machine.run(
      'cp -r . "../my clone" && cd "../my clone" && eval "$(scripts/env.sh)" && echo "$PULUMI_CONFIG_PASSPHRASE_FILE"',
    );
    assert.equal(there.stdout, `${machine.clone.replace(/clone$/, "my clone")}/.twofold/passphrase\n`);
  });
});

describe("the clone's state", () => {
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
  });
  afterEach(() => machine.remove());

  it("has a passphrase that only its owner reads, made once", () => {
    const file = join(machine.clone, ".twofold/passphrase");
    assert.equal(machine.run("umask 000; scripts/setup.sh state").code, 0);
    const first = readFileSync(file, "utf8");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(Buffer.from(first, "base64").length, 32);
    assert.equal(machine.run(". scripts/lib/pulumi.sh; fix_state; fix_state").code, 0);
    assert.equal(readFileSync(file, "utf8"), first);
  });

  it("differs from clone to clone", () => {
    const other = new BareMachine();
    try {
      const [first, second] = [machine, other].map((one) => {
        one.run("scripts/setup.sh state");
        return readFileSync(join(one.clone, ".twofold/passphrase"), "utf8");
      });
      assert.notEqual(first, second);
    } finally {
      other.remove();
    }
  });

  it("gets no passphrase where the environment has one", () => {
    assert.equal(machine.run("scripts/setup.sh state", { PULUMI_CONFIG_PASSPHRASE: "mine" }).code, 0);
    assert.equal(machine.has("clone/.twofold/state"), true);
    assert.equal(machine.has("clone/.twofold/passphrase"), false);
  });
});
