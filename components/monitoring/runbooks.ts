import type { AlertRule } from "../core/spec";

/** The page that says what an alert means and what a person does about it; `test/docs/runbooks.test.ts` holds each to its form. */
export function runbookOf(alert: string): string {
  return `docs/runbooks/${alert}.md`;
}

/** An alert of the platform before it is told its page. */
export type UntoldAlert = Omit<AlertRule, "runbook" | "labels"> & { readonly description: string };

/** Alerts, each with its page. */
export function withRunbooks(alerts: readonly UntoldAlert[]): readonly AlertRule[] {
  return alerts.map((alert) => ({ ...alert, runbook: runbookOf(alert.name) }));
}
