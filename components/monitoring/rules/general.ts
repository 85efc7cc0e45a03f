import { withRunbooks } from "../runbooks";

/** What holds for everything that is scraped, and for alerting itself. */
export const generalAlerts = withRunbooks([
  {
    name: "Watchdog",
    expr: "vector(1)",
    forSeconds: 0,
    severity: "none",
    summary: "alerting works",
    description: "this alert is always on; whoever no longer hears of it knows that alerting has ended",
  },
  {
    name: "TargetDown",
    expr: "100 * count by (job, namespace, service) (up == 0) / count by (job, namespace, service) (up) > 10",
    forSeconds: 600,
    severity: "warning",
    summary: "something that has metrics does not answer",
    description: '{{ $value | printf "%.0f" }} percent of the targets of {{ $labels.job }} do not answer',
  },
]);
