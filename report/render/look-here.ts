import type { Change, DataRisk, Exposure, ImageChange, StackReport, Violation } from "../schema";
import type { Block } from "./budget";
import { code, fenced } from "./markdown";
import { type Located, located, moreOf, reasonsOf, typeName, whereOf } from "./words";

type Stacks = readonly StackReport[];

const block = (title: string, rank: number, lines: readonly string[], what: string): Block => ({
  title,
  rank,
  head: `\n**${title}**\n\n`,
  lines,
  more: moreOf(what),
});

/** What a reader must not miss, the gravest first; never folded. */
export function lookHere(stacks: Stacks): readonly Block[] {
  return [
    ...stacks.filter(({ errors }) => errors.length > 0).map(errorBlock),
    block("Data at risk", 2, located(stacks, ({ data }) => data, riskRank).map(dataLine), "resources"),
    block("Policies", 3, policyLines(stacks), "findings"),
    block("Opened", 4, located(stacks, ({ exposures }) => exposures, exposureRank).map(exposureLine), "ways in or out"),
    block("Secrets in clear", 5, located(stacks, ({ plainSecrets }) => plainSecrets).map(plainSecretLine), "values"),
    block("Images", 6, imageLines(stacks), "images"),
    block("Deleted and replaced", 7, located(stacks, removals, removalRank).map(removalLine), "resources"),
  ];
}

/** The end of a message says most. */
function errorBlock({ stack, errors }: StackReport): Block {
  const lines = errors.flatMap((error) => fenced(error));
  return {
    title: "errors",
    rank: 1,
    head: `\n**Errors** of ${code(stack)}\n\n\`\`\`text\n`,
    lines:
      lines.length > errorLines ? [...lines.slice(0, errorLines / 2), "…", ...lines.slice(-errorLines / 2)] : lines,
    tail: "```\n",
    more: (count) => `… and ${count} more lines`,
  };
}

const errorLines = 40;

const subject = (
  item: Located<{ name: string; type: string; system?: string | undefined; service?: string | undefined }>,
) =>
  [code(whereOf(item)), typeName(item.type) === "" ? "" : `${code(typeName(item.type), 40)}`, code(item.name)]
    .filter((part) => part !== "")
    .join(" ");

const riskRank = ({ loss, approved }: DataRisk): number => (loss === "stays" ? 2 : approved === undefined ? 0 : 1);

function dataLine(risk: Located<DataRisk>): string {
  const loss = risk.loss === "lost" ? "**lost**" : "stays, and leaves the stack";
  const approval = risk.approved === undefined ? "" : `, approved: ${code(risk.approved, 160)}`;
  const verb = risk.kind === "delete" ? "deleted" : "replaced";
  return `- ${loss}${approval}: ${subject(risk)} is ${verb}: ${code(risk.because, 160)}`;
}

/** What is new and grave comes before what is neither. */
const violationRank = ({ level, present }: Violation): number => (level === "mandatory" ? 0 : 2) + (present ? 1 : 0);

/** Each of those that are mandatory, and the rest by what they say. */
function policyLines(stacks: Stacks): readonly string[] {
  const groups = Map.groupBy(
    located(stacks, ({ violations }) => violations, violationRank),
    ({ level, severity, present, policy, pack, stack, type, name }) =>
      JSON.stringify([level, severity, present, policy, pack, ...(level === "mandatory" ? [stack, type, name] : [])]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [violationLine(first, group)];
  });
}

function violationLine(first: Located<Violation>, group: readonly Located<Violation>[]): string {
  const { level, severity, present, policy, pack, message } = first;
  const grade = [level === "mandatory" ? "**mandatory**" : level, severity, present ? "was there before" : "new"];
  const subjects = group.length === 1 ? [subject(first)] : [...new Set(group.map((each) => code(whereOf(each))))];
  const found = `${code(policy)} of ${code(pack)} on ${listed(subjects)}`;
  const words = `${group.length > 1 ? "of the first: " : ""}${code(message, 300)}`;
  return `- ${grade.filter((part) => part !== undefined).join(", ")}: ${found}: ${words}`;
}

const reach: Readonly<Record<Exposure["to"], string>> = {
  anyone: "to **anyone**",
  network: "to **the network**",
  services: "among services",
  machine: "to the machine itself",
};

const exposureRank = ({ to }: Exposure): number => Object.keys(reach).indexOf(to);

function exposureLine(exposure: Located<Exposure>): string {
  const { to, path, what } = exposure;
  return `- ${reach[to]}: ${subject(exposure)}: ${code(path)} ${code(what, 160)}`;
}

function plainSecretLine(secret: Located<StackReport["plainSecrets"][number]>): string {
  return `- ${subject(secret)}: ${code(secret.path)} looks like a secret, and is not marked as one`;
}

/** One line for all services that exchange an image for the same other. */
function imageLines(stacks: Stacks): readonly string[] {
  const same = Map.groupBy(
    located(stacks, ({ images }) => images),
    ({ old, new: fresh, oldDigest, newDigest }) => JSON.stringify([old, fresh, oldDigest, newDigest]),
  );
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    const services = listed(group.map((each) => code(whereOf(each))));
    return first === undefined ? [] : [`- ${imageText(first, "old")} → ${imageText(first, "new")} in ${services}`];
  });
}

const shown = 6;

/** The first few of what may be many. */
function listed(items: readonly string[]): string {
  const rest = items.length - shown;
  return [...items.slice(0, shown), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}

function imageText(change: ImageChange, side: "old" | "new"): string {
  const digest = side === "old" ? change.oldDigest : change.newDigest;
  return `${code(change[side], 160)}${digest === undefined ? "" : ` ${code(digest.slice(0, 7 + 16))}`}`;
}

/** Deletes and replaces; those with data are said of elsewhere. */
function removals({ changes, data }: StackReport): readonly Change[] {
  const said = new Set(data.map(({ name, type }) => `${type} ${name}`));
  return changes.filter(
    ({ kind, name, type }) => (kind === "delete" || kind === "replace") && !said.has(`${type} ${name}`),
  );
}

/** What goes comes first, processes before the rest, and what only restarts comes last. */
function removalRank({ kind, restart }: Change): number {
  return kind === "delete" ? (restart === true ? 0 : 1) : restart === true ? 3 : 2;
}

function removalLine(change: Located<Change>): string {
  const { kind, restart, stays } = change;
  const verb =
    kind === "delete"
      ? stays === true
        ? "leaves the stack"
        : "delete"
      : restart === true
        ? "replace, a restart"
        : "replace";
  return `- ${verb}: ${subject(change)}: ${reasonsOf(change)}`;
}
