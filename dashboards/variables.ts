import {
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** The data source of everything that Prometheus is asked, as it is chosen above the dashboard. */
export const chosenPrometheus = { type: "prometheus", uid: "$datasource" } as const;

interface Choices {
  /** A system, or `undefined` for a cluster's own parts. */
  readonly system: string | undefined;
  /** Metric that those have of which there is a choice. */
  readonly anchor: string;
}

/** What is chosen above a dashboard: where from, of which system, and of whom there. Jobs are called after services. */
export function variables({ system, anchor }: Choices): readonly (DatasourceVariableBuilder | QueryVariableBuilder)[] {
  const ofWhom = system === undefined ? [] : ['system="$system"'];
  const series = (...conditions: readonly string[]): string =>
    conditions.length === 0 ? anchor : `${anchor}{${conditions.join(", ")}}`;
  return [
    new DatasourceVariableBuilder("datasource")
      .label("Data source")
      .type("prometheus")
      .current({ text: "Prometheus", value: "prometheus", selected: true }),
    ...(system === undefined
      ? []
      : [
          query("system", "System", `label_values(${series()}, system)`).current({
            text: system,
            value: system,
            selected: true,
          }),
        ]),
    several("job", "Job", `label_values(${series(...ofWhom)}, job)`),
    several("instance", "Instance", `label_values(${series(...ofWhom, 'job=~"$job"')}, instance)`),
  ];
}

function query(name: string, label: string, values: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .query(values)
    .datasource(chosenPrometheus)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

function several(name: string, label: string, values: string): QueryVariableBuilder {
  return query(name, label, values)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ text: ["All"], value: ["$__all"], selected: true });
}

/** The way to the other dashboards with the same tag, which show the same time. */
export function siblings(tag: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Dashboards")
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}
