import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AlertGroup } from "../components/monitoring/rules";
import { clusterPlatform, ownPlatform } from "../components/monitoring/rules/platform";
import { coverage, namesOfKubePrometheus } from "./alerts-covered";

const beside = new Set(ownPlatform({ machine: true }).flatMap(({ alerts }) => alerts.map(({ name }) => name)));

/** Alerts of the platform by name, with how long each of their severities takes. */
function rows({ alerts }: AlertGroup): string {
  const byName = Map.groupBy(alerts, ({ name }) => name);
  return [...byName]
    .map(([name, rules]) => {
      const severities = rules.map(({ severity, forSeconds }) => `${severity} after ${forSeconds} s`);
      const meanings = [...new Set(rules.map(({ summary }) => summary))];
      const where = beside.has(name) ? "both" : "cluster";
      return `| [${name}](runbooks/${name}.md) | ${severities.join(", ")} | ${meanings.join("; ")} | ${where} |`;
    })
    .join("\n");
}

function coverageRow(name: string): string {
  const { by, because } = coverage(name);
  return `| ${name} | ${by === undefined ? `no: ${because}` : `[${by}](runbooks/${by}.md)`} |`;
}

/** The page of all alerts that no system states by itself, and of what kube-prometheus' alerts became. */
export function alertsPage(): string {
  const covered = namesOfKubePrometheus.filter((name) => coverage(name).by !== undefined).length;
  return `# Alerts of the platform

What is held of monitoring itself, of machines and of clusters, beside the alerts of systems and of their services
([monitoring.md](monitoring.md)). "both" is beside a system, too; "cluster" is where \`monitoring\` is \`cluster\`. Each rule is tried by promtool:
once with what makes it fire, and once with what does not. This page is generated: \`npm run docs\`.

${clusterPlatform
  .map((group) => `## ${group.name}\n\n| alert | severity | what | where |\n|---|---|---|---|\n${rows(group)}\n`)
  .join("\n")}
## Beside kube-prometheus

Whoever comes from kube-prometheus finds its alerts here: ${covered} of ${namesOfKubePrometheus.length} names are covered.

| its alert | here |
|---|---|
${namesOfKubePrometheus.map(coverageRow).join("\n")}
`;
}

if (require.main === module) writeFileSync(join(__dirname, "../docs/alerts.md"), alertsPage());
