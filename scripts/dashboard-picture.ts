import { writeFileSync } from "node:fs";
import { asked } from "../dashboards/asked";
import { asksPrometheus, modelOf, type PanelModel } from "../dashboards/model";
import { stackSchema } from "../config/stack";
import { planSystems } from "../systems/plan";
import { systemNames } from "../systems/places";
import { type Drawn, dashboardSvg, type Line } from "./dashboard-svg";

/** Draws a dashboard with what a running Prometheus answers. Where there is no Grafana, it shows what one would be told. */
const [uid = "", address = "", file = ""] = process.argv.slice(2);
const [minutes, stepSeconds] = [15, 15];

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

async function seriesOf(expression: string): Promise<readonly Series[]> {
  const end = Date.now() / 1000;
  const query = new URLSearchParams({
    query: expression,
    start: String(end - 60 * minutes),
    end: String(end),
    step: String(stepSeconds),
  });
  const response = await fetch(`${address}/api/v1/query_range?${query.toString()}`, {
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as { readonly error?: string; readonly data?: { readonly result: Series[] } };
  if (answer.data === undefined) throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}

async function drawnOf(panel: PanelModel, system: string): Promise<Drawn> {
  const lines = panel.targets.map(async ({ expr = "", legendFormat = "" }): Promise<readonly Line[]> => {
    const series = await seriesOf(asked(expr, { system, rateInterval: "1m" }));
    return series.map(({ metric, values }) => ({
      name: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ""),
      points: values.map(([at, value]) => [at, Number(value)] as const),
    }));
  });
  const all = (await Promise.all(lines)).flat();
  return { panel, lines: all.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

async function main(): Promise<void> {
  const plans = planSystems(stackSchema.parse({ systems: [...systemNames] })).map(({ plan }) => plan);
  const found = plans.flatMap(({ name, dashboards }) => dashboards.map((dashboard) => ({ name, dashboard })));
  const chosen = found.find(({ dashboard }) => dashboard.uid === uid);
  if (chosen === undefined || file === "")
    throw new Error(
      `say which dashboard, which Prometheus and which file: ${found.map(({ dashboard }) => dashboard.uid).join(", ")}`,
    );
  const panels = modelOf(chosen.dashboard).panels.filter(asksPrometheus);
  const drawn = await Promise.all(panels.map((panel) => drawnOf(panel, chosen.name)));
  writeFileSync(file, dashboardSvg(chosen.dashboard.title, drawn));
}

void main();
