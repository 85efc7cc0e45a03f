import assert from "node:assert/strict";
import { stackSchema } from "../../../config/stack";
import { violationsIn } from "../../../policy/evaluate";
import type { Stack } from "../../../policy/facts/stack";
import { rules } from "../../../policy/rules/index";
import type { Settings } from "../../../policy/rules/rule";
import type { SystemName } from "../../../systems/places";
import { stackOf } from "./algo-trading";
import { settings } from "./plain";

/** Names of the resources that go against each rule. */
export type Found = Readonly<Record<string, readonly string[]>>;

/** What goes against the rules in a stack of one system; names are given without the system's before them. */
export function foundIn(system: string, stack: Stack, given: Settings): Found {
  const groups = Map.groupBy(violationsIn(stack, rules, given), ({ rule }) => rule.id);
  const nameOf = (name = "the stack"): string => name.replace(new RegExp(`^${system}-?`), "");
  return Object.fromEntries(
    [...groups].map(([id, all]) => [id, [...new Set(all.map(({ resource }) => nameOf(resource?.name)))].sort()]),
  );
}

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

/** What goes against the other rules in a stack of one system, without exemptions: rule, resource and message. */
export async function unknowinglyIn(system: SystemName, config: object): Promise<readonly string[]> {
  const stack = await stackOf(stackSchema.parse({ systems: [system], ...config }));
  assert.ok(stack.resources.length > 40);
  return violationsIn(stack, rules, settings)
    .filter(({ rule }) => !knowingly.includes(rule.id))
    .map(({ rule, resource, message }) => `${rule.id} ${resource?.name}: ${message}`);
}
