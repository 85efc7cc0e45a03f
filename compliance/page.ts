import { severities } from "../policy/rules/rule";
import type { Entry, Report, Result } from "./report";

/** The report as a page of Markdown. */
export function pageOf({ stack, time, compliant, rules, results }: Report): string {
  const { planned, running } = results;
  const known = new Set(planned.violations.map(identity));
  return [
    `# Compliance of ${stack}`,
    "",
    `**${compliant ? "Compliant" : "Not compliant"}**: ${rules} rules at ${time}.`,
    "",
    `| | resources | ${severities.join(" | ")} | total |`,
    `|---|${"---|".repeat(severities.length + 2)}`,
    row("as the next up would make it", planned),
    row("as it is", running),
    "",
    ...section("As the next up would make it", planned.violations),
    ...section(
      "Only as it is: changed by hand, or not brought up to date",
      running.violations.filter((entry) => !known.has(identity(entry))),
    ),
  ].join("\n");
}

const identity = ({ rule, message }: Entry): string => `${rule} ${message}`;

function row(name: string, { resources, bySeverity, total }: Result): string {
  return `| ${name} | ${resources} | ${severities.map((severity) => bySeverity[severity]).join(" | ")} | ${total} |`;
}

function section(title: string, entries: readonly Entry[]): readonly string[] {
  if (entries.length === 0) return [`## ${title}`, "", "Nothing.", ""];
  return [
    `## ${title}`,
    "",
    "| severity | rule | what | remedy |",
    "|---|---|---|---|",
    ...entries.map(
      ({ severity, rule, message, remedy }) => `| ${severity} | ${rule} | ${cell(message)} | ${cell(remedy)} |`,
    ),
    "",
  ];
}

/** Names and messages come from descriptions: nothing in them may be taken for the table, or for a mark. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|]/g, "\\$&").replaceAll(/\s+/g, " ");
}
