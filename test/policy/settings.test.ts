import assert from "node:assert/strict";
import { violationsIn } from "../../policy/evaluate";
import { rules } from "../../policy/rules/index";
import type { Rule, Severity } from "../../policy/rules/rule";
import { levelOf, readLevels, readSettings } from "../../policy/settings";
import { container, settings } from "./support/plain";

const ids = rules.map(({ id }) => id);
const now = new Date("2026-11-21T23:59:00Z");

function ruleOf(severity: Severity): Rule {
  const found = rules.find((rule) => rule.severity === severity);
  assert.ok(found);
  return found;
}

describe("the level of a rule", () => {
  it("forbids what is critical or high and advises on the rest, when nothing is said [S2-38]", () => {
    const levels = (["critical", "high", "medium", "low"] as const).map((severity) => levelOf(ruleOf(severity), {}));
    assert.deepEqual(levels, ["mandatory", "mandatory", "advisory", "advisory"]);
  });

  it("is that of its severity, or its own before that", () => {
    const rule = ruleOf("high");
    assert.equal(levelOf(rule, readLevels({ high: "disabled" }, ids)), "disabled");
    assert.equal(levelOf(rule, readLevels({ high: "disabled", [rule.id]: "advisory" }, ids)), "advisory");
  });

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ["mandatory", /^Error: policy:enforcement is "mandatory"; give severities their levels$/],
    [{ hihg: "advisory" }, /^Error: policy:enforcement: hihg is neither a severity nor a rule$/],
    [{ high: "warn" }, /^Error: policy:enforcement: high is "warn"; use mandatory, advisory, disabled$/],
  ];
  for (const [given, message] of wrong)
    it(`is refused as ${JSON.stringify(given)}`, () => assert.throws(() => readLevels(given, ids), message));
});

describe("the settings of the rules", () => {
  it("are empty when nothing is said", () => {
    assert.deepEqual(readSettings({}, ids, now), { ...settings, today: "2026-11-21" });
  });

  it("take a day without quotes, which YAML makes a moment of", () => {
    const exemption = { resource: "a", rule: "no-ssh", reason: "r", until: "2027-01-01 00:00:00 +0000 UTC" };
    assert.deepEqual(readSettings({ exemptions: [exemption] }, ids, now).exemptions, [
      { ...exemption, until: "2027-01-01" },
    ]);
  });

  it("must be lists", () => {
    assert.throws(() => readSettings({ exemptions: {} }, ids, now), /^Error: policy:exemptions is \{\}; use a list$/);
    assert.throws(() => readSettings({ registries: "a" }, ids, now), /^Error: policy:registries is "a"; use a list$/);
  });
});

describe("an exemption", () => {
  const resource = container({ privileged: true });
  const exemption = { resource: "shop-api", rule: "no-privileged", reason: "a test", until: "2026-11-21" };
  const judged = rules.filter(({ id }) => id === "no-privileged" || id === "exemption-has-reason");
  const found = (changes: object): readonly string[] =>
    violationsIn({ resources: [resource] }, judged, { ...settings, exemptions: [{ ...exemption, ...changes }] }).map(
      ({ rule }) => rule.id,
    );

  it("holds for its resource and rule, by name or URN, to the end of its last day", () => {
    assert.deepEqual(found({}), []);
    assert.deepEqual(found({ resource: resource.urn }), []);
    assert.deepEqual(found({ resource: "shop-ap" }), ["no-privileged"]);
    assert.deepEqual(found({ rule: "no-ssh" }), ["no-privileged"]);
  });

  const void_: Readonly<Record<string, object>> = {
    "its day has passed": { until: "2026-11-20" },
    "it has no end": { until: undefined },
    "its end is no day": { until: "2026-13-01" },
    "it has no reason": { reason: "" },
    "no rule has its id": { rule: "no-privilege" },
  };
  for (const [why, changes] of Object.entries(void_))
    it(`holds for nothing, and is a violation itself, when ${why}`, () => {
      assert.deepEqual([...found(changes)].sort(), ["exemption-has-reason", "no-privileged"]);
    });
});
