import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lanesOf, type Report, reportOf, summaryOf } from "../../scripts/lanes";

const report = (given: Partial<Report>): Report => ({
  passes: 0,
  failures: 0,
  pending: 0,
  failed: "",
  brief: [],
  times: [],
  ...given,
});

describe("the lanes of make test", () => {
  const folder = mkdtempSync(join(tmpdir(), "twofold-lanes-test-"));
  after(() => rmSync(folder, { recursive: true }));

  /** A file with these tests. */
  const given = (tests: string): string => {
    const file = join(mkdtempSync(join(folder, "case-")), "some.test.ts");
    writeFileSync(file, tests);
    return file;
  };

  it("are three: what needs the cluster, what needs the engine, and what needs neither", () => {
    const cluster = ["cluster", "kube-score", "kubernetes", "manifests-accepted", "systems/kubernetes"];
    const engine = ["docker", "systems/docker", "images"];
    const file = (name: string): string => `test/conformance/${name}.test.ts`;
    const unit = "test/unit/kubernetes-pod.test.ts";
    const applications = "workloads/test/images.test.ts";
    const lanes = lanesOf([unit, ...cluster.map(file), ...engine.map(file), applications]);
    assert.deepEqual(lanes.get("kubernetes"), cluster.map(file));
    assert.deepEqual(lanes.get("docker"), [...engine.map(file), applications]);
    assert.deepEqual(lanes.get("neither"), [unit]);
    assert.deepEqual([...lanesOf([unit]).keys()], ["neither"]);
  });

  it("are in the process of their tests when they are told to end", async function () {
    this.timeout(60_000);
    const file = given('it("is long", (done) => { console.log("begun"); setTimeout(done, 30_000); }).timeout(40_000);');
    const lanes = spawn(process.execPath, ["--import", "tsx", "scripts/lanes.ts", file]);
    await once(lanes.stdout, "data");
    const begun = performance.now();
    lanes.kill("SIGTERM");
    const [code] = await once(lanes, "close");
    assert.equal(code, 1);
    assert.ok(performance.now() - begun < 20_000);
  });

  it("are counted together, with every failure in full before the last line", () => {
    const time = (title: string, milliseconds: number) => ({ title, file: "f", milliseconds });
    const summary = summaryOf(
      new Map([
        ["docker", report({ passes: 5, pending: 1, times: [time("short", 10), time("long", 61_000)] })],
        [
          "kubernetes",
          report({
            passes: 2,
            failures: 1,
            failed: "  1) it broke\n     here",
            brief: ["it broke: here"],
            times: [time("mid", 900)],
          }),
        ],
      ]),
      2,
    );
    assert.equal(
      summary,
      "the slowest:\n    61.0 s  long\n     0.9 s  mid\n\nfailed, kubernetes:\n  1) it broke\n     here\n\nfailed: it broke: here\n7 passed, 1 failed, 1 skipped",
    );
  });

  it("fail when one ends without a word", () => {
    const { failures, failed } = reportOf("kubernetes", undefined, 137);
    assert.equal(failures, 1);
    assert.match(failed, /the tests for kubernetes ended with 137 before/);
  });

  it("say what failed, what was left out and why, and end with the count", function () {
    this.timeout(60_000);
    const file = given(
      `describe("some", () => {
        it("passes", () => undefined);
        it("fails", () => { throw new Error("of old age"); });
        it("ends badly", () => { throw new Error("    up:\\n    + 3 created\\n    error: no network\\n    more"); });
        it("is left out", function () { console.log("    skipped: no time"); this.skip(); });
      });`,
    );
    const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", "scripts/lanes.ts", file], {
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.match(stdout, /skipped: no time/);
    assert.match(stdout, /failed, neither:[\s\S]*some\s+fails:\s+Error: of old age/);
    assert.match(
      stdout,
      /\nfailed: some fails: of old age\nfailed: some ends badly: error: no network\n1 passed, 2 failed, 1 skipped\n$/,
    );
  });
});
