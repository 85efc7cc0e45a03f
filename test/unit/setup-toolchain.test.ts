import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BareMachine } from "../support/bare-machine";

/** A Go that notes what it builds, prints what $SAYS holds and ends with $ENDS; a build takes $TAKES seconds. */
const go = `
case $1 in
  env) shift; for name; do case $name in
    GOVERSION) echo go1.26.8 ;; GOPROXY) echo https://proxy.example.org ;; *) echo "$HOME" ;; esac; done ;;
  build) echo "$PWD" >>"$HOME/built"
    echo "example.org/package"
    printf '%s' "$SAYS"
    sleep "\${TAKES:-0}"
    while [[ $1 != -o ]]; do shift; done
    echo 'echo tool' >"$2" && chmod +x "$2"
    exit "\${ENDS:-0}" ;;
esac`;

describe("toolchain/build.sh", () => {
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
    machine.gives("go", go);
  });
  afterEach(() => machine.remove());

  const built = () =>
    machine.has("home/built")
      ? readFileSync(join(machine.home, "built"), "utf8")
          .trimEnd()
          .split("\n")
          .map((dir) => dir.split("/").at(-1))
      : [];
  const made = () => readdirSync(join(machine.cache, "toolchain")).filter((name) => name !== ".lock");

  it("builds each tool once, says which of how many, and where it lies", () => {
    const { code, stderr } = machine.run("toolchain/build.sh pulumi pulumi-resource-random");
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^\[1 of 2\] built pulumi 3\.259\.0 in \d+s\n\[2 of 2\] built pulumi-resource-random 4\.21\.1 in \d+s\n$/,
    );
    assert.deepEqual(built(), ["pulumi", "pulumi-resource-random"]);
    const path = machine.run(". scripts/lib/toolchain.sh; tool_path pulumi").stdout;
    assert.equal(machine.run(path).stdout, "tool\n");
    assert.equal(machine.run("toolchain/build.sh pulumi pulumi-resource-random").stderr, "");
    assert.equal(built().length, 2);
  });

  it("builds again when a source has changed, and only that tool", () => {
    machine.run("toolchain/build.sh pulumi-language-nodejs pulumi-resource-random");
    machine.run("echo '// changed' >>toolchain/pulumi-resource-random/shim/shim.go");
    machine.run("toolchain/build.sh pulumi-language-nodejs pulumi-resource-random");
    assert.deepEqual(built(), ["pulumi-language-nodejs", "pulumi-resource-random", "pulumi-resource-random"]);
  });

  it("fetches a newer Go only for a module that asks for one", () => {
    machine.gives("go", go.replace("go1.26.8", "go1.26.0").replace("  build)", "  mod) exit 1 ;;\n  build)"));
    assert.equal(machine.run("toolchain/build.sh pulumi").code, 0);
    const { code, stderr } = machine.run("toolchain/build.sh pause");
    assert.equal(code, 1);
    assert.match(stderr, /^twofold: Go 1\.26\.8 could not be fetched from the module proxy/m);
    assert.deepEqual(built(), ["pulumi"]);
  });

  it("keeps what is built when Go is gone", () => {
    machine.run("toolchain/build.sh pulumi");
    machine.run('rm "$(command -v go)"');
    assert.equal(machine.run("toolchain/build.sh pulumi").code, 0);
  });

  it("leaves nothing half-made when it is killed, and goes on afterwards", async () => {
    const first = spawn(join(machine.clone, "toolchain/build.sh"), ["pulumi"], {
      env: { ...process.env, HOME: machine.home, TWOFOLD_CACHE: machine.cache, TAKES: "1", PATH: machine.path },
      stdio: "ignore",
    });
    while (!machine.has("home/built")) await new Promise((resolve) => setTimeout(resolve, 20));
    first.kill("SIGKILL");
    assert.deepEqual(
      made().filter((name) => name.startsWith("pulumi-")),
      [],
    );
    assert.equal(machine.run("toolchain/build.sh pulumi").code, 0);
    assert.deepEqual(
      made().map((name) => name.replace(/[0-9a-f]{16}$/, "HASH")),
      ["pulumi-HASH"],
    );
  }).timeout(20_000);

  const failures: readonly [says: string, expected: RegExp][] = [
    [
      "main.go:8:2: example.org/a/b@v1.2.3: reading https://proxy.example.org/x.zip: 403 Forbidden\n",
      /twofold: the module proxy does not have example\.org\/a\/b@v1\.2\.3: 403 Forbidden\n {2}GOPROXY is https:\/\/proxy\.example\.org: set it .*\n {2}or install Pulumi/,
    ],
    [
      "main.go:8:2: example.org/a@v1.0.0: reading https://proxy.example.org/x.mod: 404 Not Found\n",
      /twofold: the module proxy does not have example\.org\/a@v1\.0\.0: 404 Not Found\n/,
    ],
    [
      'main.go:8:2: example.org/a@v1.0.0: Get "https://proxy.example.org": dial tcp: lookup proxy.example.org: no such host\n',
      /twofold: the module proxy does not answer: example\.org\/a@v1\.0\.0\n {2}GOPROXY is .*: check the network .*, and run again: it goes on where it stopped\n/,
    ],
    [
      "main.go:8:2: module lookup disabled by GOPROXY=off\n",
      /twofold: the module proxy does not answer: .*GOPROXY=off\n/,
    ],
    [
      "verifying example.org/a@v1.0.0: checksum mismatch\nSECURITY ERROR\n",
      /twofold: example\.org\/a@v1\.0\.0 is not what toolchain\/pulumi\/go\.sum says; nothing was built from it\n/,
    ],
    [
      "link: mapping output file failed: no space left on device\n",
      /twofold: the disk is full: pulumi cannot be built\n {2}room is needed in .* \(\d+ MiB free\).*\n.*\n {2}and run again: it goes on where it stopped\n/,
    ],
    [
      "main.go:1:1: syntax error: unexpected\n",
      /twofold: pulumi could not be built; the whole output is in .*pulumi\.log\n/,
    ],
  ];
  for (const [says, expected] of failures) {
    it(`explains: ${says.split(": ").slice(-1)[0]?.trim()}`, () => {
      const { code, stderr } = machine.run("toolchain/build.sh pulumi", { SAYS: says, ENDS: "1" });
      assert.equal(code, 1);
      assert.match(stderr, expected);
      assert.ok(stderr.split("\n").length < 24, "more than a screen");
      assert.deepEqual(made(), ["pulumi.log"]);
    });
  }

  it("refuses a tool that it does not know", () => {
    const { code, stderr } = machine.run("toolchain/build.sh pulumi-resource-aws");
    assert.equal(code, 1);
    assert.equal(stderr, "twofold: unknown tool pulumi-resource-aws\n  toolchain/tools lists them\n");
  });
});

describe("toolchain/tools", () => {
  const rows = [...readFileSync("toolchain/tools", "utf8").matchAll(/^(?:([a-z]+)\/)?([a-z-]+) +([0-9.]+) /gm)].map(
    ([, folder, name = "", version = ""]) => ({ folder: folder ?? name, name, version }),
  );
  const versions = new Map(rows.map(({ name, version }) => [name, version]));
  it("builds the providers of package.json's versions", () => {
    const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const providers = ["docker", "kubernetes", "random"];
    assert.deepEqual(
      providers.map((name) => versions.get(`pulumi-resource-${name}`)),
      providers.map((name) => devDependencies[`@pulumi/${name}`]),
    );
  });

  it("has a module for each tool, with the sums of its downloads, that the Go can build which is fetched", () => {
    const fetched = /^go_version=1\.26\.(\d+)/m.exec(readFileSync("scripts/lib/toolchain.sh", "utf8"))?.[1];
    for (const { folder, name } of rows) {
      const [, minor = "", patch = ""] =
        /^go 1\.(\d+)\.(\d+)$/m.exec(readFileSync(`toolchain/${folder}/go.mod`, "utf8")) ?? [];
      // what a stack needs takes the oldest Go; a cluster may ask for a newer one
      const newest = ["cluster", "kwok"].includes(folder) ? 2600 + Number(fetched) : 2511;
      assert.ok(Number(minor) * 100 + Number(patch) <= newest, `${name} wants Go 1.${minor}.${patch}`);
      assert.ok(readFileSync(`toolchain/${folder}/go.sum`, "utf8").length > 0, name);
    }
  });

  it("takes the tools of a cluster for no stack, and each of them from the one module", () => {
    const machine = new BareMachine();
    const words = (command: string) => machine.run(`. scripts/lib/toolchain.sh; ${command}`).stdout.trim().split(/\s+/);
    const ofCluster = rows.filter(({ folder }) => folder === "cluster").map(({ name }) => name);
    assert.deepEqual(
      words("tools_for docker; tools_for kubernetes").filter((name) => ofCluster.includes(name)),
      [],
    );
    assert.deepEqual(words("cluster_tools").sort(), ofCluster.filter((name) => name !== "kube-score").sort());
    for (const name of words("cluster_tools"))
      assert.deepEqual(words(`tool_sources ${name}`), [`${machine.clone}/toolchain/cluster`]);
    assert.deepEqual(words("tool_sources pulumi"), [`${machine.clone}/toolchain/pulumi`]);
    machine.remove();
  });
});
