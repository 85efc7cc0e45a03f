/** What is chosen above a dashboard when somebody looks at all of it. */
interface Choice {
  /** The system, or nothing for a cluster's own dashboards. */
  readonly system?: string;
  /** Four times as long as the scrapes are apart, as Grafana would have it. */
  readonly rateInterval: string;
}

/** A panel's expression as the store that it is meant for is asked: the last ten minutes, where it says since when. Throws when it has a variable that nobody can choose. */
export function asked(expression: string, { system, rateInterval }: Choice): string {
  const values: Readonly<Record<string, string | undefined>> = {
    $__rate_interval: rateInterval,
    $__range: "1h",
    $__interval: "30s",
    $timeFilter: "time > now() - 10m",
    $system: system,
    $job: ".+",
    $instance: ".+",
  };
  return expression.replaceAll(/\$\w+/g, (variable) => {
    const value = values[variable];
    if (value === undefined) throw new Error(`${expression}: has the variable ${variable}, which nobody can choose`);
    return value;
  });
}
