import type { Violation } from "../policy/evaluate";
import { type Severity, severities } from "../policy/rules/rule";

/** Where resources were looked at: as the next up would make them, and as they are. */
export const sources = ["planned", "running"] as const;
export type Source = (typeof sources)[number];

/** One thing that is wrong. */
export interface Entry {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** Name of the resource; the stack as a whole where absent. */
  readonly resource?: string;
  readonly message: string;
  readonly remedy: string;
}

/** What `compliance.json` holds. */
export interface Report {
  /** Of this form; it grows when a field changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  /** When it was looked, in ISO 8601. */
  readonly time: string;
  /** Whether nothing critical or high was found, neither planned nor running. */
  readonly compliant: boolean;
  readonly rules: number;
  readonly results: Readonly<Record<Source, Result>>;
}

export interface Result {
  /** How many resources were looked at. */
  readonly resources: number;
  readonly total: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** The gravest first. */
  readonly violations: readonly Entry[];
}

/** What was looked at in one place, and what was found there. */
export interface Looked {
  readonly resources: number;
  readonly violations: readonly Violation[];
}

export function reportOf(stack: string, time: Date, rules: number, looked: Readonly<Record<Source, Looked>>): Report {
  const results = { planned: resultOf(looked.planned), running: resultOf(looked.running) };
  const grave = sources.some((source) => results[source].bySeverity.critical + results[source].bySeverity.high > 0);
  return { version: 1, stack, time: time.toISOString(), compliant: !grave, rules, results };
}

function resultOf({ resources, violations }: Looked): Result {
  const entries = violations.map(entryOf);
  const counted = (severity: Severity): number => entries.filter((entry) => entry.severity === severity).length;
  return {
    resources,
    total: entries.length,
    bySeverity: {
      critical: counted("critical"),
      high: counted("high"),
      medium: counted("medium"),
      low: counted("low"),
    },
    violations: entries.sort(
      (a, b) =>
        severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
        compare(a.rule, b.rule) ||
        compare(a.message, b.message),
    ),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function entryOf({ rule, resource, message }: Violation): Entry {
  const { id, title, severity, remedy } = rule;
  return { rule: id, title, severity, ...(resource === undefined ? {} : { resource: resource.name }), message, remedy };
}
