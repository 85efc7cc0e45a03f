import { violationsIn } from "../../../policy/evaluate";
import type { Resource, Stack } from "../../../policy/facts/stack";
import type { Rule, Settings } from "../../../policy/rules/rule";
import { settings } from "./plain";

/** What a rule is shown: resources, or a whole stack, or a stack with settings. */
export type Shown = Resource | readonly Resource[] | (Stack & { readonly settings?: Partial<Settings> });

/** What a rule is to accept, and by the message that it gives what it is to refuse. */
export interface RuleCases {
  readonly passes: readonly Shown[];
  readonly fails: Readonly<Record<string, Shown | Several>>;
}

/** Several that get the same message. */
interface Several {
  readonly several: readonly Shown[];
}

export const several = (...shown: readonly Shown[]): Several => ({ several: shown });

export function eachOf(shown: Shown | Several): readonly Shown[] {
  return "several" in shown ? shown.several : [shown];
}

export type Cases = Readonly<Record<string, RuleCases>>;

export function stackOf(shown: Shown): Stack & { readonly settings?: Partial<Settings> } {
  if ("resources" in shown) return shown;
  return { resources: "urn" in shown ? [shown] : shown };
}

/** Everything that a rule says of it. */
export function messagesOf(rule: Rule, shown: Shown): string {
  const { settings: changes, ...stack } = stackOf(shown);
  const found = violationsIn(stack, [rule], { ...settings, ...changes });
  return [...new Set(found.map(({ message }) => message))].join("; ");
}
