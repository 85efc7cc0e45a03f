import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DashboardPlan } from "../components/core/plan-types";
import { stackSchema } from "../config/stack";
import { clusterDashboards } from "../dashboards/cluster";
import { modelOf } from "../dashboards/model";
import { planSystems } from "../systems/plan";
import { systemNames } from "../systems/places";

function section({ uid, title, model }: DashboardPlan): string {
  const rows = modelOf({ model }).panels.map(
    (panel) => `| ${panel.title} | ${panel.description} | ${panel.fieldConfig.defaults.unit} |`,
  );
  return `### ${title}\n\n\`/d/${uid}\`\n\n| panel | what it tells | unit |\n|---|---|---|\n${rows.join("\n")}\n`;
}

const chapter = (title: string, dashboards: readonly DashboardPlan[]): string =>
  `## ${title}\n\n${dashboards.map(section).join("\n")}`;

/** The page of all dashboards: those of each system as it is by default, and those of a cluster. */
export function dashboardsPage(): string {
  const plans = planSystems(stackSchema.parse({ systems: [...systemNames] })).map(({ plan }) => plan);
  const all = [...plans.flatMap(({ dashboards }) => dashboards), ...clusterDashboards()];
  const panels = all.reduce((count, dashboard) => count + modelOf(dashboard).panels.length, 0);
  return `# Dashboards

${all.length} dashboards with ${panels} panels, made in \`dashboards/\` and in the systems. Above each one chooses the data source, the system, and
which jobs and instances of it; a job is called after its service. The list "Dashboards" leads to those beside it. They keep to the
17 rules of Grafana's dashboard-linter, checked by a unit test, and in the live suites each query is asked of the Prometheus that runs and
has to have an answer. This page is generated: \`npm run docs\`.

${plans.map(({ name, dashboards }) => chapter(name, dashboards)).join("\n")}
${chapter("A cluster, where monitoring is cluster", clusterDashboards())}`;
}

if (require.main === module) writeFileSync(join(__dirname, "../docs/dashboards.md"), dashboardsPage());
