import { createHash } from "node:crypto";
import { failing } from "../gates";
import type { Counts, Report, StackReport } from "../schema";
import { compose } from "./budget";
import { parityBlock, remediationsBlock, stackBlocks } from "./details";
import { lookHere } from "./look-here";
import { code, plural } from "./markdown";
import { resourcesBlock, restartsBlock, servicesBlock } from "./tables";

/** Characters that a comment on GitHub may have at most. */
export const commentLimit = 65_536;

/** The first line of every comment on these stacks of a project: by it a later one finds the earlier. It cannot be seen. */
export function markerOf({ project, stacks }: Report): string {
  const identity = JSON.stringify([project, ...stacks.map(({ stack }) => stack).sort()]);
  return `<!-- preview-report ${createHash("sha256").update(identity).digest("hex").slice(0, 16)} -->`;
}

/** The report as Markdown of at most `limit` UTF-16 units; the same for the same report, always. */
export function renderComment(report: Report, limit: number = commentLimit): string {
  const { stacks } = report;
  const notable = lookHere(stacks);
  const [first] = notable.filter(({ lines }) => lines.length > 0);
  const look = notable.map((block) => (block === first ? { ...block, head: `\n### Look here\n${block.head}` } : block));
  const blocks = [
    servicesBlock(stacks),
    ...look,
    restartsBlock(stacks),
    parityBlock(stacks),
    resourcesBlock(stacks),
    remediationsBlock(stacks),
    ...stackBlocks(stacks),
  ];
  return compose(beginningOf(report), blocks, endOf(report), limit);
}

const titles = { passed: "passed", blocked: "blocked", failed: "failed" } as const;

function beginningOf(report: Report): string {
  const { project, verdict } = report;
  return `${markerOf(report)}\n## Preview of ${code(project)}: ${titles[verdict]}\n\n${verdictLine(report)}\n`;
}

function verdictLine({ gates, stacks }: Report): string {
  const reasons = failing(gates).map(({ gate, found }) => `\`${gate}\` (${found})`);
  const blocked = reasons.length === 0 ? [] : [`**Stopped by ${reasons.join(", ")}.**`];
  const incomplete = stacks.some(({ result }) => result === "failed")
    ? ["What a failed preview shows is not all."]
    : [];
  return [...blocked, `${countsText(stacks)}.`, ...notes(stacks), ...incomplete].join(" ");
}

function countsText(stacks: readonly StackReport[]): string {
  const total = (kind: keyof Counts): number => stacks.reduce((sum, { counts }) => sum + counts[kind], 0);
  const changes = (["create", "import", "update", "replace", "delete"] as const).flatMap((kind) => {
    const count = total(kind);
    return count === 0 ? [] : [`${count} to ${kind}`];
  });
  const same = `${total("same")} unchanged`;
  if (changes.length > 0) return [...changes, same].join(", ");
  return stacks.some(({ result }) => result === "failed") ? "No change is known" : `Nothing changes, ${same}`;
}

/** What is behind the counts, in numbers. */
function notes(stacks: readonly StackReport[]): readonly string[] {
  const count = (found: (stack: StackReport) => number): number => stacks.reduce((sum, stack) => sum + found(stack), 0);
  const lost = count(({ data }) => data.filter(({ loss }) => loss === "lost").length);
  const opened = count(({ exposures }) => exposures.filter(({ to }) => to === "anyone" || to === "network").length);
  const mandatory = count(({ violations }) => violations.filter(({ level }) => level === "mandatory").length);
  const advisory = count(({ violations }) => violations.filter(({ level }) => level === "advisory").length);
  const gaps = count(({ parity }) => parity.added.length);
  return [
    ...(lost > 0 ? [`**Data of ${plural(lost, "resource")} is lost.**`] : []),
    ...(opened > 0 ? [`${plural(opened, "way")} in or out ${opened === 1 ? "is" : "are"} opened.`] : []),
    ...(mandatory + advisory > 0 ? [`Policies: ${mandatory} mandatory, ${advisory} advisory.`] : []),
    ...(gaps > 0 ? [`Parity: ${plural(gaps, "new gap")}.`] : []),
  ];
}

const stacksShown = 10;

function endOf({ commit, createdAt, runUrl, stacks }: Report): string {
  const listed = stacks.slice(0, stacksShown).map(({ stack, target, first }) => {
    const about = [...(target === undefined ? [] : [code(target, 20)]), ...(first ? ["first deployment"] : [])];
    return `${code(stack, 60)}${about.length === 0 ? "" : ` (${about.join(", ")})`}`;
  });
  const rest = stacks.length - listed.length;
  const parts = [
    `${plural(stacks.length, "stack")}: ${[...listed, ...(rest > 0 ? [`${rest} more`] : [])].join(", ")}`,
    ...(commit === undefined ? [] : [`commit ${code(commit.slice(0, 12))}`]),
    code(createdAt),
    ...(runUrl === undefined ? [] : [`[run](${runUrl})`]),
    "everything is in `report.json`",
  ];
  return `\n---\n${parts.join(" · ")}\n`;
}
