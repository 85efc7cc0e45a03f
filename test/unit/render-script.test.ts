import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { parseStack } from "../../config/read";
import { renderStack } from "../../scripts/render";
import { problemsOf } from "../support/problems";

const root = join(__dirname, "../..");

describe("make render", () => {
  it("writes what the stack's configuration says, and notes what is otherwise there", () => {
    const { yaml, notes } = renderStack(
      parseStack({
        target: "kubernetes",
        namePrefix: "mine",
        keepVolumes: "true",
        kubernetes: '{"storageClass":"fast","monitoringNamespace":"monitoring","registry":"registry.example.org/team"}',
      }),
      "algo-trading",
    );
    assert.match(yaml, /^# algo-trading, rendered for the namespace mine-algo-trading\n/);
    assert.match(yaml, /storageClassName: fast/);
    assert.match(yaml, /kubernetes\.io\/metadata\.name: monitoring/);
    assert.match(yaml, /twofold\.keep: "true"/);
    assert.deepEqual(
      parseAllDocuments(yaml).flatMap(({ errors }) => errors),
      [],
    );
    assert.ok(notes.some((note) => note.startsWith("images that begin with registry.example.org/team are built here")));
    assert.match(yaml, /^ +image: registry\.example\.org\/team\/twofold\/workloads:[0-9a-f]{12}$/m);
    assert.ok(
      notes.includes(
        "logging is approximated (a node rotates the logs of all its containers alike, ten MiB five times unless its kubelet is told otherwise): trading-bot",
      ),
      notes.join("\n"),
    );
  });

  it("writes a file for Docker Compose for a stack on Docker, whichever other target it is asked for", () => {
    const config = parseStack({ namePrefix: "mine", subnets: "10.77.0.0/16", hostPortBase: '{"algo-trading":20000}' });
    const { yaml, notes } = renderStack(config);
    assert.match(yaml, /^# algo-trading for Docker Compose /);
    assert.match(yaml, /^name: mine-algo-trading$/m);
    assert.match(yaml, /^ +- subnet: 10\.77\.\d+\.\d+\/\d+$/m);
    assert.match(yaml, /^ +published: "2\d{4}"$/m);
    assert.ok(notes.includes("images that begin with twofold.local are built here: make images does that"));
    assert.ok(notes.some((note) => note.startsWith("probes.live is unsupported (one health check serves all probes")));
    assert.match(renderStack(config, "algo-trading", "kubernetes").yaml, /^kind: Namespace$/m);
  });

  it("says which systems there are when it is asked for another", () => {
    assert.deepEqual(
      problemsOf(() => renderStack(parseStack({}), "algotrading")),
      ['--system: is "algotrading"; did you mean algo-trading?'],
    );
  });

  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "scripts/render.ts", ...args], { cwd: root, encoding: "utf8" });

  it("has manifests alone on its output, and the rest beside it", function () {
    this.timeout(30_000);
    const { status, stdout, stderr } = run("--stack", "prod");
    assert.equal(status, 0, stderr);
    assert.ok(parseAllDocuments(stdout).length > 50);
    for (const line of stderr.trimEnd().split("\n")) assert.match(line, /^note: /);
  });

  it("tells a wrong argument in one line, without a stack trace", function () {
    this.timeout(30_000);
    const { status, stdout, stderr } = run("--target", "nomad");
    assert.deepEqual(
      [status, stdout, stderr],
      [1, "", 'render: 1 problem\n  --target: is "nomad"; use one of docker, kubernetes\n'],
    );
    const unknown = run("--wat");
    assert.equal(unknown.status, 1);
    assert.match(
      unknown.stderr,
      /^render: 1 problem\n {2}arguments: are wrong: Unknown option '--wat'.*; see --help\n$/,
    );
    const help = run("--help");
    assert.match(help.stdout, /^usage: make render \[STACK=prod\]/);
    assert.equal(help.status, 0);
  });
});
