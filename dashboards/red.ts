import type { Panel } from "./grafana";
import { graph } from "./panels";
import { type Chosen, quantile, share } from "./promql";

/** What services count of the requests that they answer. */
interface Requests {
  /** Counter of requests. */
  readonly requests: string;
  /** Condition that a failed one meets. */
  readonly failed: string;
  /** Histogram of what they took, without `_bucket`. */
  readonly seconds: string;
}

/** Rate, errors and duration of each service. */
export function redPanels({ rate }: Chosen, { requests, failed, seconds }: Requests): readonly Panel[] {
  const perService = (expression: string): string => `sum by (service) (${expression})`;
  const all = perService(rate(requests));
  const times = (of: number): string => quantile(of, rate(`${seconds}_bucket`), "service");
  return [
    graph({ title: "Requests", description: "Answered, a second.", unit: "reqps" }, { "{{service}}": all }),
    graph(
      { title: "Errors", description: "Share of the requests that failed.", unit: "percentunit", alarmAbove: 0.05 },
      { "{{service}}": share(perService(rate(requests, failed)), all) },
    ),
    graph(
      { title: "Time to the answer", description: "95 of 100 requests are answered within it.", unit: "s" },
      { "{{service}}": times(0.95) },
    ),
    graph(
      { title: "Time to most answers", description: "99 of 100 requests are answered within it.", unit: "s" },
      { "{{service}}": times(0.99) },
    ),
  ];
}
