import { GraphThresholdsStyleConfigBuilder, GraphThresholdsStyleMode } from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardBuilder,
  type Panel as GrafanaPanel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as GaugeBuilder } from "@grafana/grafana-foundation-sdk/gauge";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { DashboardPlan } from "../components/core/plan-types";
import { chosenPrometheus, siblings, variables } from "./variables";

/** Where a panel's figures are. Of Prometheus, one is chosen above the dashboard; the others have the uid of their type. */
export type Source = "prometheus" | "graphite" | "influxdb";

/** One line of a graph, or one figure. */
interface Query {
  /** In the language of the panel's source: PromQL (see `promql.ts`), a Graphite target, InfluxQL. */
  readonly expr: string;
  /** Name of the line; `{{label}}` puts a label's value in. */
  readonly legend: string;
}

/** A picture on a dashboard, as plain data; the functions of `panels.ts` make them. */
export interface Panel {
  readonly kind: "graph" | "figure" | "gauge";
  /** @default prometheus */
  readonly source?: Source;
  readonly title: string;
  /** What the picture tells, for whoever sees it for the first time. */
  readonly description: string;
  /** Grafana's name of the unit, such as `percent`, `currencyUSD`, `bytes`, `s`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** From this value on it is drawn red; a graph shows it as a line. */
  readonly alarmAbove?: number;
  /** Of the 24 columns that a dashboard is wide. */
  readonly width: 6 | 8 | 12 | 24;
}

export interface Dashboard {
  /** Name of the system that it belongs to, or of the namespace of a cluster's own parts. */
  readonly system: string;
  /** Whether it shows a system's services, or parts of a cluster, which belong to no system. @default system */
  readonly of?: "system" | "cluster";
  /** Last part of its address; with the system's name at most 40 characters. */
  readonly slug: string;
  readonly title: string;
  /** Metric of those that can be chosen. @default up */
  readonly anchor?: string;
  readonly panels: readonly Panel[];
}

/** What a dashboard shows, whosever it is. */
export type Board = Pick<Dashboard, "anchor" | "panels">;

const columns = 24;
const heights = { figure: 4, gauge: 8, graph: 8 } as const;
const longestUid = 40;

/** Grafana's model of a dashboard; the only place that knows Grafana's library. */
export function grafanaDashboard(dashboard: Dashboard): DashboardPlan {
  const { system, slug, title, panels } = dashboard;
  const uid = `${system}-${slug}`;
  if (uid.length > longestUid)
    throw new Error(`dashboard ${uid}: its uid has ${uid.length} characters; use at most ${longestUid}`);
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags([system])
    .time({ from: "now-1h", to: "now" })
    .refresh("10s")
    .timezone("browser")
    .link(siblings(system))
    .readonly();
  if (panels.some(asksPrometheus))
    for (const variable of variables({
      system: dashboard.of === "cluster" ? undefined : system,
      anchor: dashboard.anchor ?? "up",
    }))
      builder.withVariable(variable);
  for (const [panel, place] of inRows(panels)) builder.withPanel({ build: () => grafanaPanel(panel, place) });
  // Through JSON: the builder gives its own object away, and there are functions in it that nobody else needs.
  const model: object = JSON.parse(JSON.stringify(builder.build()));
  return { uid, title, model };
}

const asksPrometheus = ({ source = "prometheus" }: Panel): boolean => source === "prometheus";

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** From left to right; a row ends where the next panel does not fit. The library would let that one stick out. */
function inRows(panels: readonly Panel[]): readonly (readonly [Panel, Place])[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((panel) => {
    const [w, h] = [panel.width, heights[panel.kind]];
    if (x + w > columns) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const place = { x, y, w, h };
    [x, rowHeight] = [x + w, Math.max(rowHeight, h)];
    return [panel, place];
  });
}

function grafanaPanel(panel: Panel, place: Place): GrafanaPanel {
  const { kind, title, description, unit, queries, alarmAbove, source = "prometheus" } = panel;
  const builder =
    kind === "graph" ? graph(alarmAbove) : kind === "gauge" ? new GaugeBuilder().min(0).max(1) : new StatBuilder();
  const datasource = asksPrometheus(panel) ? chosenPrometheus : { type: source, uid: source };
  builder.title(title).description(description).unit(unit).gridPos(place).datasource(datasource);
  if (alarmAbove !== undefined) builder.thresholds(redAbove(alarmAbove));
  for (const [index, { expr, legend }] of queries.entries()) {
    const refId = refIdOf(index);
    if (source === "prometheus")
      builder.withTarget(new DataqueryBuilder().expr(expr).legendFormat(legend).refId(refId));
    else builder.withTarget({ build: () => ({ refId, ...plainQuery[source](expr, legend), ...anyQuery }) });
  }
  return builder.build();
}

/** A to Z, then AA to AZ and so on. */
function refIdOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${refIdOf(Math.floor(index / 26) - 1)}${letter}`;
}

/** What the library asks of every query of a kind that it does not know. */
const anyQuery = { _implementsDataqueryVariant: (): void => undefined };

/** Queries of data sources that the library has no words for. */
const plainQuery = {
  graphite: (target: string, legend: string): object => ({
    target: legend === "" ? target : `alias(${target}, ${JSON.stringify(legend)})`,
  }),
  influxdb: (query: string, alias: string): object => ({ query, alias, rawQuery: true, resultFormat: "time_series" }),
};

function graph(alarmAbove: number | undefined): TimeSeriesBuilder {
  const builder = new TimeSeriesBuilder().fillOpacity(10).lineWidth(1);
  if (alarmAbove === undefined) return builder;
  return builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Line));
}

function redAbove(value: number): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: "green" },
    { value, color: "red" },
  ]);
}
