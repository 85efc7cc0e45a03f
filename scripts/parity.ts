import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Feature, features, type Level, type SupportTable } from "../components/core/gaps";
import type { Target } from "../components/targets/target";
import { behavioursOf } from "../test/conformance/behaviours";
import { dockerPlatform } from "../test/conformance/docker/platform";
import type { Behaviour } from "../test/conformance/evidence";
import { kubernetesPlatform } from "../test/conformance/kubernetes/platform";

/** What a target does of a feature, and the behaviours with which the suite shows that it does, or does not. */
type Verdict = Level & { readonly shownBy: readonly Omit<Behaviour, "feature">[] };

export interface ParityRow {
  readonly feature: Feature;
  readonly targets: Readonly<Record<Target["id"], Verdict>>;
}

/** A target as the table sees it. */
export interface Column {
  readonly support: SupportTable;
  readonly behaviours: readonly Behaviour[];
}

type Columns = Readonly<Record<Target["id"], Column>>;

/** Features that no behaviour of a deployed system shows, and what is looked at instead. */
const elsewhere: Partial<Record<Feature, string>> = {
  "security.appArmor": "the rendered object (`test/golden`); it would need a kernel with AppArmor",
  metrics:
    "is scraped as often as it states, each replica by itself (`test/conformance/systems/watched.ts`, and by a cluster's monitoring `test/conformance/production.test.ts`)",
  alerts:
    "tells everybody of an alert, and when it is over (`test/conformance/alerting.test.ts` on Docker, `test/conformance/production.test.ts` on Kubernetes)",
};

export function columns(): Columns {
  return {
    docker: { support: dockerPlatform.support, behaviours: behavioursOf(dockerPlatform) },
    kubernetes: { support: kubernetesPlatform.support, behaviours: behavioursOf(kubernetesPlatform) },
  };
}

/** A row for every feature, in alphabetical order. Throws where a verdict is shown by nothing. */
export function parityRows({ docker, kubernetes }: Columns): readonly ParityRow[] {
  const verdict = ({ support, behaviours }: Column, feature: Feature): Verdict => {
    const shownBy = behaviours
      .filter((behaviour) => behaviour.feature === feature)
      .map(({ title, expected }) => ({ title, expected }))
      .sort((a, b) => (a.title < b.title ? -1 : 1));
    if (shownBy.length === 0 && elsewhere[feature] === undefined) throw new Error(`no behaviour shows ${feature}`);
    return { ...support[feature], shownBy };
  };
  return (Object.keys(features) as Feature[]).sort().map((feature) => ({
    feature,
    targets: { docker: verdict(docker, feature), kubernetes: verdict(kubernetes, feature) },
  }));
}

const ranks: Readonly<Record<Level["level"], number>> = { native: 2, approximated: 1, unsupported: 0 };

/** What has become worse from one table to the next, each in words. */
export function worse(before: readonly ParityRow[], after: readonly ParityRow[]): readonly string[] {
  return before.flatMap(({ feature, targets }) => {
    const row = after.find((each) => each.feature === feature);
    if (row === undefined) return [];
    return (["docker", "kubernetes"] as const)
      .filter((target) => ranks[row.targets[target].level] < ranks[targets[target].level])
      .map((target) => `${feature} on ${target} was ${targets[target].level} and is ${row.targets[target].level}`);
  });
}

/** The Markdown table. */
export function parityTable(rows: readonly ParityRow[]): string {
  const lines = rows.map(({ feature, targets: { docker, kubernetes } }) => [
    `\`${feature}\``,
    describe(docker),
    describe(kubernetes),
    shownBy(feature, docker, kubernetes),
  ]);
  const head = ["feature", "Docker", "Kubernetes", "shown by"];
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function describe(verdict: Verdict): string {
  if (verdict.level === "native") return "native";
  const instead = verdict.instead === undefined ? "" : `. Instead: ${verdict.instead}`;
  return `**${verdict.level}**: ${verdict.because}${instead}`;
}

function shownBy(feature: Feature, docker: Verdict, kubernetes: Verdict): string {
  const titles = [...new Set([...docker.shownBy, ...kubernetes.shownBy].map(({ title }) => title))].sort();
  const named = titles.map((title) => {
    const onDocker = docker.shownBy.find((shown) => shown.title === title)?.expected;
    const onKubernetes = kubernetes.shownBy.find((shown) => shown.title === title)?.expected;
    return `${title}${where(onDocker, onKubernetes)}`;
  });
  return named.length === 0 ? (elsewhere[feature] ?? "") : named.join("; ");
}

type Found = Behaviour["expected"] | undefined;

/** Where a behaviour was looked at and what was found, unless it is there on both targets. */
function where(docker: Found, kubernetes: Found): string {
  if (docker === "present" && kubernetes === "present") return "";
  const on = (target: string, found: Found): readonly string[] =>
    found === undefined ? [] : [found === "present" ? target : `absent on ${target}`];
  return ` (${[...on("Docker", docker), ...on("Kubernetes", kubernetes)].join(", ")})`;
}

/** The page as it must be; a test compares it with the one that is checked in. */
export function parityPage(rows: readonly ParityRow[]): string {
  return `# Parity

Every feature of a description has a verdict on every target; a target that lacks one does not compile. \`native\` means: does
what the description says. A gap (\`approximated\`, \`unsupported\`) is a warning in the preview when a service uses the feature, an
entry in the stack's \`parity\` output, and an error where the configuration sets \`strictParity\`.

The behaviour suite (\`make conformance\`) deploys the same systems to every target and looks at the behaviours that are named
in the last column. Where a verdict says that a target lacks one, the suite shows that it does: a table that claims too little
fails like one that claims too much. A run writes what it has seen to \`.twofold/parity/\`.

This page and [parity.json](parity.json) are generated from the targets' tables and the suite's cases: \`npm run docs\`. It
refuses to write a row that is worse than the one before, unless \`PARITY_WORSE=1\` says that this is meant.

${parityTable(rows)}
`;
}

function main(): void {
  const json = join(__dirname, "../docs/parity.json");
  const rows = parityRows(columns());
  const before = existsSync(json) ? (JSON.parse(readFileSync(json, "utf8")) as readonly ParityRow[]) : [];
  const regressions = worse(before, rows);
  if (regressions.length > 0 && process.env["PARITY_WORSE"] !== "1") {
    for (const line of regressions) console.error(`parity gets worse: ${line}`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(json, parityJson(rows));
  writeFileSync(join(__dirname, "../docs/parity.md"), parityPage(rows));
}

export function parityJson(rows: readonly ParityRow[]): string {
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}

if (require.main === module) main();
