import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lane, lanesOf, type Report, reportOf, summaryOf } from "../../scripts/lanes";

const report = (given: Partial<Report>): Report => ({
  passes: 0,
  failures: 0,
  pending: 0,
  failed: "",
  times: [],
  ...given,
});

describe("the lanes of make test", () => {
  it("are four: what needs a cluster and what needs an engine or nothing, and apart from both the systems on each", () => {
    const named = {
      "systems-on-kubernetes": ["systems/kubernetes", "monitoring-on-kubernetes", "algo-trading-in-production"],
      "systems-on-docker": ["systems/docker", "alerting", "marketprism"],
      kubernetes: ["cluster", "kube-score", "kubernetes", "manifests-accepted"],
      docker: ["docker", "images", "compose"],
    };
    const file = (name: string): string => `test/conformance/${name}.test.ts`;
    const lanes = lanesOf(Object.values(named).flat().map(file));
    for (const [lane, names] of Object.entries(named)) assert.deepEqual(lanes.get(lane as Lane), names.map(file), lane);
    const others = ["test/unit/kubernetes-pod.test.ts", "workloads/test/unit/cache.test.ts"];
    assert.deepEqual([...lanesOf(others).keys()], ["docker", "systems-on-docker"]);
  });

  it("are counted together, with every failure in full before the last line", () => {
    const time = (title: string, milliseconds: number) => ({ title, file: "f", milliseconds });
    const summary = summaryOf(
      new Map([
        ["docker", report({ passes: 5, pending: 1, times: [time("short", 10), time("long", 61_000)] })],
        [
          "kubernetes",
          report({ passes: 2, failures: 1, failed: "  1) it broke\n     here", times: [time("mid", 900)] }),
        ],
      ]),
      2,
    );
    assert.equal(
      summary,
      "failed, kubernetes:\n  1) it broke\n     here\n\nthe slowest:\n    61.0 s  long\n     0.9 s  mid\n\n7 passed, 1 failed, 1 skipped",
    );
  });

  it("fail when one ends without a word", () => {
    const { failures, failed } = reportOf("kubernetes", undefined, 137);
    assert.equal(failures, 1);
    assert.match(failed, /the tests for kubernetes ended with 137 before/);
  });

  it("say what failed, what was left out and why, and end with the count", function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "twofold-lanes-test-"));
    try {
      const file = join(folder, "some.test.ts");
      writeFileSync(
        file,
        `describe("some", () => {
          it("passes", () => undefined);
          it("fails", () => { throw new Error("of old age"); });
          it("is left out", function () { console.log("    skipped: no time"); this.skip(); });
        });`,
      );
      const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", "scripts/lanes.ts", file], {
        encoding: "utf8",
      });
      assert.equal(status, 1);
      assert.match(stdout, /skipped: no time/);
      assert.match(stdout, /failed, docker:[\s\S]*some\s+fails:\s+Error: of old age/);
      assert.match(stdout, /\n1 passed, 1 failed, 1 skipped\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
