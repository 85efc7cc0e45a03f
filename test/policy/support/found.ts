import { violationsIn } from "../../../policy/evaluate";
import type { Stack } from "../../../policy/facts/stack";
import { rules } from "../../../policy/rules/index";
import type { Settings } from "../../../policy/rules/rule";

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
