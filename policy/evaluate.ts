import { type Resource, type Stack, type Thing, thingOf, type View, viewOf, workloadOf } from "./facts/stack";
import type { Target } from "./facts/workload";
import { isExempt } from "./rules/exemptions";
import type { Rule, Settings, StackRule } from "./rules/rule";

type ResourceRule = Exclude<Rule, StackRule>;

/** One thing that is wrong, and what is to be changed. */
export interface Violation {
  readonly rule: Rule;
  /** The stack as a whole where absent. */
  readonly resource: Resource | undefined;
  readonly message: string;
}

/** Everything that rules find in a stack and that is not exempt. */
export function violationsIn(stack: Stack, rules: readonly Rule[], settings: Settings): readonly Violation[] {
  const view = viewOf(stack);
  return rules.flatMap((rule) =>
    rule.of === "stack"
      ? violationsOfStack(rule, view, settings)
      : stack.resources.flatMap((resource) =>
          findingsIn(resource, rule, settings).map((message): Violation => ({ rule, resource, message })),
        ),
  );
}

/** What a rule finds in one resource and that is not exempt. */
export function findingsIn(resource: Resource, rule: ResourceRule, settings: Settings): readonly string[] {
  const thing = thingOf(resource);
  if (thing === undefined || !rule.targets.includes(thing.target)) return [];
  return isExempt(rule.id, resource, settings) ? [] : check(rule, thing, settings);
}

function check(rule: ResourceRule, thing: Thing, settings: Settings): readonly string[] {
  if (rule.of === "object")
    return isOfKind(rule.kinds, thing.kind, thing.target)
      ? rule.check(thing).map((what) => `${thing.name} ${what}`)
      : [];
  const workload = workloadOf(thing);
  if (workload === undefined) return [];
  if (rule.of === "workload") return rule.check(workload).map((what) => `${workload.name} ${what}`);
  return workload.containers.flatMap((container) =>
    rule.check(container, workload, settings).map((what) => `${container.name} ${what}`),
  );
}

const isOfKind = (kinds: readonly string[], kind: string, target: Target): boolean =>
  kinds.includes(kind) || (kinds.includes("*") && target === "kubernetes");

/** What a rule finds in a stack and that is not exempt. */
export function violationsOfStack(rule: StackRule, view: View, settings: Settings): readonly Violation[] {
  return rule.check(view, settings).flatMap(({ on, message }): Violation[] => {
    if (on === undefined) return [{ rule, resource: undefined, message }];
    return isExempt(rule.id, on, settings) ? [] : [{ rule, resource: on, message: `${on.name} ${message}` }];
  });
}
