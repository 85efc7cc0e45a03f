import { hasPending, itemsAt, type Maybe, pending, recordAt, textAt, textsAt } from "./plain";
import { allOf, type Verdict } from "./verdict";

/** Whether a label selector of Kubernetes selects these labels. An empty one selects everything, a missing one nothing. */
export function selects(selector: unknown, labels: unknown): Verdict {
  if (selector === undefined) return false;
  if (hasPending(selector)) return pending;
  const wanted = Object.keys(recordAt(selector, "matchLabels"));
  return allOf([
    ...wanted.map((key) => same(textAt(labels, key), textAt(selector, "matchLabels", key))),
    ...itemsAt(selector, "matchExpressions").map((expression) => holds(expression, labels)),
  ]);
}

/** Whether the plain selector of a Service selects these labels. Without one it selects nothing. */
export function selectsPlainly(selector: unknown, labels: unknown): Verdict {
  if (hasPending(selector)) return pending;
  const keys = Object.keys(recordAt(selector));
  return keys.length > 0 && allOf(keys.map((key) => same(textAt(labels, key), textAt(selector, key))));
}

function same(given: Maybe<string> | undefined, wanted: Maybe<string> | undefined): Verdict {
  return given === pending ? pending : given === wanted;
}

function holds(expression: unknown, labels: unknown): Verdict {
  const value = textAt(labels, String(textAt(expression, "key")));
  if (value === pending) return pending;
  const isListed = value !== undefined && textsAt(expression, "values").includes(value);
  switch (textAt(expression, "operator")) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
