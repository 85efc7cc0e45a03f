import type { AlertRule } from "../../core/spec";
import { runbookOf } from "../runbooks";

/** What a service promises: that this share of what is asked of it is done well. */
export interface Objective {
  /** Name of the alerts, such as `ApiErrorBudgetBurn`. */
  readonly name: string;
  /** Share that is to be done well over 30 days, such as 0.999. */
  readonly objective: number;
  /** PromQL of what is done badly, a second, over a window such as `5m`. */
  errors(window: string): string;
  /** PromQL of all that is asked, a second, over a window. */
  total(window: string): string;
  /** What is promised and not kept. */
  readonly summary: string;
  /** What is asked a second at least, so that one failure among three requests at night wakes nobody. @default 0.01 */
  readonly leastPerSecond?: number;
  /** @default - the page of the alert's own name */
  readonly runbook?: string;
}

interface Pair {
  /** How many times faster than allowed the budget is used up. */
  readonly factor: number;
  readonly long: string;
  readonly short: string;
  readonly forSeconds: number;
  readonly severity: "critical" | "warning";
}

/**
 * Four pairs of windows: the long one says that it matters, the short one that it still goes on. At these rates a month's
 * budget lasts 2 days, 5 days, 10 days and a month; the first two wake somebody.
 */
const pairs: readonly Pair[] = [
  { factor: 14.4, long: "1h", short: "5m", forSeconds: 120, severity: "critical" },
  { factor: 6, long: "6h", short: "30m", forSeconds: 900, severity: "critical" },
  { factor: 3, long: "1d", short: "2h", forSeconds: 3600, severity: "warning" },
  { factor: 1, long: "3d", short: "6h", forSeconds: 10_800, severity: "warning" },
];

/** Alerts that fire when a promise is broken faster than it may be; the faster, the sooner. */
export function errorBudgetAlerts({
  name,
  objective,
  errors,
  total,
  summary,
  leastPerSecond = 0.01,
  runbook = runbookOf(name),
}: Objective): readonly AlertRule[] {
  if (!(objective > 0 && objective < 1))
    throw new RangeError(`${name}: objective is ${objective}; use a share between 0 and 1, such as 0.999`);
  return pairs.map(({ factor, long, short, forSeconds, severity }) => {
    const limit = Number((factor * (1 - objective)).toPrecision(6));
    const over = (window: string): string => `(${errors(window)}) / (${total(window)}) > ${limit}`;
    return {
      name,
      expr: `${over(long)} and ${over(short)} and (${total(long)}) > ${leastPerSecond}`,
      forSeconds,
      severity,
      summary,
      description: `{{ $value | humanizePercentage }} failed in ${long}, where ${Number(((1 - objective) * 100).toPrecision(6))} percent may; the budget of a month lasts ${Math.round(30 / factor)} days like this`,
      runbook,
      labels: { window: long },
    };
  });
}
