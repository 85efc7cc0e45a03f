/** Selects series by what is chosen above a dashboard. */
export interface Chosen {
  /** A metric's chosen series, with further conditions such as `code="500"`. */
  of(metric: string, ...conditions: readonly string[]): string;
  /** How fast a counter grows, a second. */
  rate(counter: string, ...conditions: readonly string[]): string;
  /** How much a counter grew in the time that the dashboard shows. */
  grown(counter: string, ...conditions: readonly string[]): string;
}

const chosen = (...always: readonly string[]): Chosen => {
  const of: Chosen["of"] = (metric, ...conditions) => `${metric}{${[...always, ...conditions].join(", ")}}`;
  return {
    of,
    rate: (counter, ...conditions) => `rate(${of(counter, ...conditions)}[$__rate_interval])`,
    grown: (counter, ...conditions) => `increase(${of(counter, ...conditions)}[$__range])`,
  };
};

const jobAndInstance = ['job=~"$job"', 'instance=~"$instance"'];

/** What services of one system export. */
export const ofSystem = chosen('system="$system"', ...jobAndInstance);

/** What a cluster's own parts export, which belong to no system. */
export const ofCluster = chosen(...jobAndInstance);

/** Part of a whole, 0 where there is none of it, also when nothing happens at all. Both have the same labels. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0) or 0 * ${whole}`;
}

/** What so many of all, such as 0.95, are below, from a histogram; a line for each combination of the labels. */
export function quantile(of: number, buckets: string, ...labels: readonly string[]): string {
  return `histogram_quantile(${of}, sum by (${[...labels, "le"].join(", ")}) (${buckets}))`;
}
