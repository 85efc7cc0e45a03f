import assert from "node:assert/strict";
import { BareMachine } from "../support/bare-machine";

describe("make doctor", () => {
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
  });
  afterEach(() => machine.remove());

  /** The rows of the table by what they are about: what is there, or what is missing and the remedy. */
  function table(env: Readonly<Record<string, string>> = {}): {
    code: number | null;
    rows: Map<string, string>;
    last: string;
  } {
    const { code, stdout } = machine.run("scripts/doctor.sh", env);
    const lines = stdout.trimEnd().split("\n");
    const rows = new Map<string, string>();
    let title = "";
    for (const line of lines.slice(1, -1)) {
      const [, state = "", name = "", text = ""] = /^(.{8}) (.{14}) (.*)$/.exec(line) ?? [];
      if (name.trim() !== "") title = name.trim();
      rows.set(
        title,
        [rows.get(title), state.trim(), text].filter((part) => part !== undefined && part !== "").join(" | "),
      );
    }
    return { code, rows, last: lines.at(-1) ?? "" };
  }

  it("finds nothing missing where everything is there, and ends with 0", () => {
    machine.givesNode("24.1.0");
    machine.givesPackages();
    machine.givesPulumi("3.260.1");
    machine.givesDocker();
    machine.run("scripts/setup.sh state");
    const { code, rows, last } = table();
    assert.equal(last, "nothing is missing: make up can run");
    assert.equal(code, 0);
    assert.deepEqual([...rows.keys()], ["Node.js", "npm packages", "Pulumi", "Docker Engine", "state", "cache"]);
    assert.match(rows.get("Node.js") ?? "", /^ok \| 24\.1\.0 {2}\/.*\/bin\/node$/);
    assert.match(rows.get("Pulumi") ?? "", /^ok \| 3\.260\.1 {2}\/.*\/bin\/pulumi, with its own plugins$/);
    assert.equal(rows.get("Docker Engine"), "ok | 20.10.24  unix:///var/run/docker.sock");
    assert.equal(rows.get("state"), `ok | ${machine.clone}/.twofold/state`);
  });

  it("names what is missing on a bare machine and the way to get each", () => {
    const { code, rows, last } = table({ DOCKER_HOST: "unix:///nowhere/docker.sock" });
    assert.equal(code, 1);
    assert.equal(last, "6 missing, 4 of them for you to get; make up gets the rest");
    assert.equal(
      rows.get("Node.js"),
      "MISSING | none found, 22.12 or newer is needed | to do: install Node.js 22.12 or newer with npm: https://nodejs.org/en/download",
    );
    assert.equal(
      rows.get("Go"),
      "MISSING | none found, 1.25.11 or newer is needed to build the tools | to do: install Go 1.25.11 or newer: https://go.dev/doc/install",
    );
    assert.match(
      rows.get("Pulumi") ?? "",
      /to do: install Pulumi 3\.208 or newer: https:\/\/www\.pulumi\.com\/docs\/install$/,
    );
    assert.equal(
      rows.get("Docker Engine"),
      "MISSING | no engine answers at unix:///nowhere/docker.sock | to do: start the engine that DOCKER_HOST names, or unset DOCKER_HOST",
    );
  });

  it("offers to get all of it where packages can be installed", () => {
    for (const name of ["apt-get", "sudo"]) machine.gives(name, "exit 1");
    const { code, rows } = table({ DOCKER_HOST: "unix:///nowhere/docker.sock" });
    assert.equal(code, 1);
    assert.match(rows.get("Node.js") ?? "", /make up will take Node\.js 24\.21\.0 from npm into /);
    assert.match(rows.get("Go") ?? "", /make up will install golang-go with apt-get, and with it Go 1\.26\.8 /);
    assert.match(rows.get("Pulumi") ?? "", /make up will build it from Go modules/);
  });

  it("does not take a Node.js, a Go or a Pulumi that is too old", () => {
    machine.givesNode("22.11.0");
    machine.gives("go", '[[ $2 == GOVERSION ]] && echo go1.25.10 || printf "%s\\n" /modules linux amd64');
    machine.givesPulumi("3.199.0");
    const { rows } = table();
    assert.match(rows.get("Node.js") ?? "", /^MISSING \| v22\.11\.0 found, 22\.12 or newer is needed/);
    assert.match(
      rows.get("Go") ?? "",
      /^MISSING \| go1\.25\.10 found, .* make up will fetch Go 1\.26\.8 from the module proxy$/,
    );
    assert.match(
      rows.get("Pulumi") ?? "",
      /^MISSING .*pulumi is v3\.199\.0, without its language host or older than 3\.208/,
    );
  });

  it("wants Pulumi's language host too", () => {
    machine.givesPulumi("3.260.0");
    machine.run("rm $(command -v pulumi-language-nodejs)");
    assert.match(table().rows.get("Pulumi") ?? "", /^MISSING /);
  });

  it("asks for npm ci when node_modules lacks a package", () => {
    machine.givesNode("24.1.0");
    machine.givesPackages();
    assert.match(table().rows.get("npm packages") ?? "", /^ok \| \d+ as in package-lock\.json$/);
    machine.write("clone/node_modules/.package-lock.json", '{ "packages": {} }');
    assert.equal(
      table().rows.get("npm packages"),
      `MISSING | ${machine.clone}/node_modules is absent, or not what package-lock.json says | make up will run npm ci`,
    );
  });

  it("asks for the Kubernetes provider only where the stack runs on Kubernetes", () => {
    assert.match(table().rows.get("Pulumi") ?? "", /pulumi-resource-docker \|/);
    machine.write("clone/Pulumi.prod.yaml", "config:\n  twofold:target: kubernetes\n");
    const rows = table({ STACK: "prod" }).rows;
    assert.match(rows.get("Pulumi") ?? "", /pulumi-resource-kubernetes \|/);
    assert.doesNotMatch(rows.get("Pulumi") ?? "", /resource-docker/);
    assert.ok(rows.has("Kubernetes"));
  });

  it("asks for Docker and a registry on Kubernetes only where images are built for the registry of this machine", () => {
    const kubernetes = "config:\n  twofold:target: kubernetes\n";
    const asked = (settings: string): readonly string[] => {
      machine.write("clone/Pulumi.prod.yaml", kubernetes + settings);
      const { rows } = table({ STACK: "prod" });
      return ["Docker Engine", "image registry"].filter((thing) => rows.has(thing));
    };
    assert.deepEqual(asked(""), ["Docker Engine", "image registry"]);
    assert.deepEqual(asked("  twofold:imageSource: upstream\n"), []);
    assert.deepEqual(asked("  twofold:kubernetes:\n    registry: registry.example/team\n"), []);
  });
});

describe("version comparison of the scripts", () => {
  const cases: readonly [have: string, wanted: string, enough: boolean][] = [
    ["22.12.0", "22.12", true],
    ["v22.12", "22.12", true],
    ["22.9.0", "22.12", false],
    ["23.0.0", "22.12", true],
    ["1.26.8", "1.25.11", true],
    ["1.25.9", "1.25.11", false],
    ["1.26rc1", "1.25.11", true],
    ["3.200.0-alpha.1+x", "3.200", true],
    ["3.08.0", "3.9.0", false],
    ["", "3.200", false],
  ];
  it("compares numbers, not text", () => {
    const machine = new BareMachine();
    try {
      for (const [have, wanted, enough] of cases) {
        const { code } = machine.run(`. scripts/lib/common.sh; version_at_least '${have}' '${wanted}'`);
        assert.equal(code === 0, enough, `${have} at least ${wanted}`);
      }
    } finally {
      machine.remove();
    }
  });
});
