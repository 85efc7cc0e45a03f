import assert from "node:assert/strict";
import { violationsIn } from "../../policy/evaluate";
import { thingOf, viewOf } from "../../policy/facts/stack";
import { rules } from "../../policy/rules/index";
import { cases } from "./cases/index";
import { eachOf, messagesOf, type Shown, stackOf } from "./support/cases";
import { settings } from "./support/plain";
import { dockerShop, kubernetesShop } from "./support/shop";

describe("every rule of the policy pack", () => {
  for (const rule of rules) {
    const { passes, fails } = cases[rule.id] ?? { passes: [], fails: {} };

    it(`${rule.id} accepts what is right`, () => {
      assert.ok(passes.length > 0, "there is no passing case");
      for (const shown of passes) assert.equal(messagesOf(rule, shown), "");
    });

    it(`${rule.id} refuses what is wrong, on each of its targets [S2-37]`, () => {
      for (const [message, shown] of Object.entries(fails))
        for (const each of eachOf(shown)) assert.equal(messagesOf(rule, each), message);
      const seen = Object.values(fails).flatMap(eachOf).flatMap(targetsIn);
      for (const target of rule.id === "exemption-has-reason" ? [] : rule.targets)
        assert.ok(seen.includes(target), `there is no failing case on ${target}`);
      assert.ok(Object.keys(fails).length > 0, "there is no failing case");
    });
  }

  it("has cases, and no case is of another one", () => {
    assert.deepEqual(Object.keys(cases).sort(), rules.map(({ id }) => id).sort());
  });
});

function targetsIn(shown: Shown): readonly string[] {
  const { resources, before = [] } = stackOf(shown);
  return [...resources, ...before].flatMap((resource) => thingOf(resource)?.target ?? []);
}

describe("a system that is in order", () => {
  for (const [target, resources] of Object.entries({ docker: dockerShop(), kubernetes: kubernetesShop() }))
    it(`keeps every rule on ${target}`, () => {
      const found = violationsIn({ resources }, rules, settings);
      assert.deepEqual(
        found.map(({ rule, message }) => `${rule.id}: ${message}`),
        [],
      );
      assert.equal(viewOf({ resources }).services.length, 2);
    });
});
