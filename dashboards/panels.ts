import type { Panel } from "./grafana";

type Content = Pick<Panel, "title" | "description" | "unit"> & Partial<Pick<Panel, "alarmAbove" | "width" | "source">>;

/** Lines over time; each entry of `lines` is a legend and its PromQL. Half as wide as the dashboard unless said otherwise. */
export function graph(content: Content, lines: Readonly<Record<string, string>>): Panel {
  const queries = Object.entries(lines).map(([legend, expr]) => ({ legend, expr }));
  return { width: 12, ...content, kind: "graph", queries };
}

/** One figure: its value now. A quarter of the dashboard wide unless said otherwise. */
export function figure(content: Content, expr: string): Panel {
  return { width: 6, ...content, kind: "figure", queries: [{ legend: content.title, expr }] };
}

/** One share, 0 to 1, on a dial. */
export function gauge(content: Content, expr: string): Panel {
  return { width: 8, ...content, kind: "gauge", queries: [{ legend: content.title, expr }] };
}
