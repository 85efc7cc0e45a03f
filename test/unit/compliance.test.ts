import assert from "node:assert/strict";
import { plannedIn } from "../../compliance/look";
import { pageOf } from "../../compliance/page";
import { reportOf } from "../../compliance/report";
import type { Violation } from "../../policy/evaluate";
import { rules } from "../../policy/rules/index";
import type { Severity } from "../../policy/rules/rule";

const time = new Date("2026-01-02T03:04:05Z");

/** What some rule of a severity finds in a container of that name. */
function violation(severity: Severity, name: string, message = `${name} is wrong`): Violation {
  const rule = rules.find((each) => each.severity === severity);
  assert.ok(rule);
  return { rule, resource: { type: "docker:index/container:Container", name, urn: name, inputs: {} }, message };
}

const report = (planned: readonly Violation[], running: readonly Violation[]) =>
  reportOf("dev", time, rules.length, {
    planned: { resources: 2, violations: planned },
    running: { resources: 3, violations: running },
  });

describe("a compliance report", () => {
  it("has the time, totals, counts by severity, and everything that was found, the gravest first", () => {
    const { results, ...rest } = report([violation("low", "a"), violation("high", "b"), violation("low", "c")], []);
    assert.deepEqual(rest, {
      version: 1,
      stack: "dev",
      time: "2026-01-02T03:04:05.000Z",
      compliant: false,
      rules: rules.length,
    });
    const { violations, ...counts } = results.planned;
    assert.deepEqual(counts, { resources: 2, total: 3, bySeverity: { critical: 0, high: 1, medium: 0, low: 2 } });
    assert.deepEqual(
      violations.map(({ severity, resource }) => `${severity} ${resource}`),
      ["high b", "low a", "low c"],
    );
  });

  it("is compliant when nothing critical or high was found, neither planned nor running", () => {
    const grave = (severity: Severity) => [violation(severity, "a")];
    const cases: readonly [readonly Violation[], readonly Violation[], boolean][] = [
      [[], [], true],
      [grave("low"), grave("medium"), true],
      [grave("high"), [], false],
      [[], grave("high"), false],
      [[], grave("critical"), false],
    ];
    for (const [planned, running, compliant] of cases) assert.equal(report(planned, running).compliant, compliant);
  });

  it("shows on its page what was changed by hand apart from what is planned so", () => {
    const both = violation("high", "api");
    const page = pageOf(report([both], [both, violation("critical", "db", "db is *privileged*\n| really")]));
    const [planned = "", byHand = ""] = page.split("## Only as it is");
    assert.match(page, /^\*\*Not compliant\*\*: \d+ rules at 2026-01-02T03:04:05\.000Z\.$/m);
    assert.match(page, /^\| as it is \| 3 \| 1 \| 1 \| 0 \| 0 \| 2 \|$/m);
    assert.match(planned, /api is wrong/);
    assert.doesNotMatch(byHand, /api is wrong/);
    assert.match(byHand, /db is \\\*privileged\\\* \\\| really/);
    assert.match(pageOf(report([], [])), /## As the next up would make it\n\nNothing\./);
  });
});

describe("what a preview plans", () => {
  it("is each resource once, as it would be in the end", () => {
    const state = (urn: string, image: string) => ({
      urn: `urn::${urn}`,
      type: "t",
      parent: "urn::p",
      inputs: { image },
    });
    const steps = [
      { op: "same", urn: "urn::a", newState: state("a", "1") },
      { op: "create-replacement", urn: "urn::b", newState: state("b", "2") },
      { op: "replace", urn: "urn::b", newState: state("b", "2") },
      { op: "delete", urn: "urn::c" },
    ];
    const exported = { deployment: { resources: [{ ...state("a", "0"), outputs: { outline: {} } }] } };
    const { resources } = plannedIn(JSON.stringify({ steps }), JSON.stringify(exported));
    assert.deepEqual(
      resources.map(({ outputs }) => outputs),
      [{ outline: {} }, undefined],
    );
    assert.deepEqual(
      resources.map(({ name, inputs, parent }) => [name, inputs, parent]),
      [
        ["a", { image: "1" }, "urn::p"],
        ["b", { image: "2" }, "urn::p"],
      ],
    );
  });
});
