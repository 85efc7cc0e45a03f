import { type Change, kinds, type ParityGap, type Remediation, type StackReport } from "../schema";
import type { Block } from "./budget";
import { code, plural } from "./markdown";
import { causeText, type Located, located, moreOf, reasonsOf, typeName, whereOf } from "./words";

/** Where a target is now further from what is described, or nearer. */
export function parityBlock(stacks: readonly StackReport[]): Block {
  const line = (sign: string) => (gap: Located<ParityGap>) =>
    `- ${sign}: ${code(whereOf(gap))} ${code(gap.feature)} is ${gap.level}: ${code(gap.because, 200)}`;
  return {
    title: "parity",
    rank: 11,
    head: "\n### Parity\n\n",
    lines: [
      ...located(stacks, ({ parity }) => parity.added).map(line("**new**")),
      ...located(stacks, ({ parity }) => parity.gone).map(line("gone")),
    ],
    more: moreOf("gaps"),
  };
}

/** What policies changed of their own accord, as before and after. */
export function remediationsBlock(stacks: readonly StackReport[]): Block {
  const line = ({ policy, pack, causes, name, ...place }: Located<Remediation>): string =>
    `- ${code(policy)} of ${code(pack)} on ${code(whereOf(place))} ${code(name)}: ${causes.slice(0, 4).map(causeText).join(", ")}`;
  return {
    title: "remediations",
    rank: 12,
    head: "\n### Changed by policies\n\n",
    lines: located(stacks, ({ remediations }) => remediations).map(line),
    more: moreOf("remediations"),
  };
}

/** Every change of each stack, folded; the stack with the most changes last, whose details are the first to be shortened. */
export function stackBlocks(stacks: readonly StackReport[]): readonly Block[] {
  const bySize = [...stacks].sort((a, b) => sizeOf(a) - sizeOf(b));
  return bySize.map((stack, index) => ({
    title: "details of a stack",
    rank: 20 + index,
    head: `\n### Stack ${code(stack.stack)}\n\n<details><summary>${summaryOf(stack)}</summary>\n\n`,
    lines: [...stack.changes.map(changeLine), ...stack.warnings.map((warning) => `- warning: ${code(warning, 300)}`)],
    tail: "\n</details>\n",
    more: moreOf("changes and warnings"),
  }));
}

const sizeOf = ({ changes, warnings }: StackReport): number => changes.length + warnings.length;

function summaryOf({ changes, warnings }: StackReport): string {
  const counted = kinds.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} to ${kind}`];
  });
  return [...counted, ...(warnings.length === 0 ? [] : [plural(warnings.length, "warning")])].join(", ");
}

function changeLine(change: Change): string {
  const { kind, type, name } = change;
  const reasons = reasonsOf(change);
  const where = whereOf(change);
  const whose = where === "" ? "" : ` of ${code(where)}`;
  return `- ${kind} ${code(typeName(type), 40)} ${code(name)}${whose}${reasons === "" ? "" : `: ${reasons}`}`;
}
