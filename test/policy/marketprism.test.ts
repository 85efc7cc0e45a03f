import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { stackSchema } from "../../config/stack";
import { violationsIn } from "../../policy/evaluate";
import { rules } from "../../policy/rules/index";
import { stackOf } from "./support/algo-trading";
import { settings } from "./support/plain";

/** Rules that every system goes against knowingly; algo-trading.test.ts says why. */
const knowingly: readonly string[] = [
  "guaranteed-for-stateful",
  "high-uid",
  "image-digest",
  "min-replicas",
  "namespace-quota",
  "no-root-group",
  "priority-class",
  "stateful-has-backup",
  "stateful-protected",
];

describe("marketprism under the rules", () => {
  before(() => void mock.method(pulumi.log, "warn", () => Promise.resolve()));
  after(() => mock.restoreAll());

  for (const [name, config] of Object.entries({
    "development on Docker": { marketPrism: { environment: "development" } },
    "production on Kubernetes": { target: "kubernetes", profile: "full" },
  } as const)) {
    it(`goes against none in ${name} but those that every system does, without exemptions`, async () => {
      const stack = await stackOf(stackSchema.parse({ systems: ["marketprism"], ...config }));
      assert.ok(stack.resources.length > 40);
      const found = violationsIn(stack, rules, settings).filter(({ rule }) => !knowingly.includes(rule.id));
      assert.deepEqual(
        found.map(({ rule, resource, message }) => `${rule.id} ${resource?.name}: ${message}`),
        [],
      );
    });
  }
});
