import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Feature, features, type Level, type SupportTable } from "../components/core/gaps";
import { support as docker } from "../components/targets/docker/support";
import { support as kubernetes } from "../components/targets/kubernetes/support";

/** The verdicts of targets, by the target's title. */
export type Verdicts = Readonly<Record<string, SupportTable>>;

/** The Markdown table of every feature and its verdict on each target, in alphabetical order. */
export function parityTable(verdicts: Verdicts): string {
  const targets = Object.keys(verdicts);
  const names = (Object.keys(features) as Feature[]).sort();
  const rows = names.map((feature) => [
    `\`${feature}\``,
    ...targets.map((target) => describe(verdicts[target]?.[feature])),
  ]);
  return [["feature", ...targets], ["feature", ...targets].map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function describe(verdict: Level | undefined): string {
  if (verdict === undefined || verdict.level === "native") return "native";
  const instead = verdict.instead === undefined ? "" : `. Instead: ${verdict.instead}`;
  return `**${verdict.level}**: ${verdict.because}${instead}`;
}

/** The page as it must be; a test compares it with the one that is checked in. */
export function parityPage(): string {
  return `# Parity

Every feature of a description has a verdict on every target; a target that lacks one does not compile. \`native\` means: does
what the description says. A gap (\`approximated\`, \`unsupported\`) is a warning in the preview when a service uses the feature, an
entry in the stack's \`parity\` output, and an error where the configuration sets \`strictParity\`.

This page is generated from the targets' tables: \`npm run docs\`.

${parityTable({ Docker: docker, Kubernetes: kubernetes })}
`;
}

if (require.main === module) writeFileSync(join(__dirname, "../docs/parity.md"), parityPage());
