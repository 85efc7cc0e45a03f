/** A part of a comment that can do with fewer lines. */
export interface Block {
  /** What it is called where it had to be left out. */
  readonly title: string;
  /** Those with a lower number get their room first. */
  readonly rank: number;
  readonly head: string;
  /** The weightiest first. */
  readonly lines: readonly string[];
  readonly tail?: string;
  /** How many lines it has at most, whatever room there is. @default - all of them */
  readonly most?: number;
  /** The line that says how many lines are missing. */
  more(count: number): string;
}

/**
 * Puts blocks together in their order, between a beginning and an end that are always there, in no more than `limit` UTF-16
 * units. Each may take half of what those before it in rank left, and then what nobody needed. What does not fit is counted.
 */
export function compose(beginning: string, blocks: readonly Block[], end: string, limit: number): string {
  const ranked = blocks.filter(({ lines }) => lines.length > 0).sort((a, b) => a.rank - b.rank);
  const reserve = leftOut(ranked).length;
  const fitted = new Map<Block, string>();
  let room = limit - beginning.length - end.length - reserve;
  for (const share of [0.5, 1]) {
    for (const block of ranked) {
      const own = fitted.get(block)?.length ?? 0;
      const next = take(block, own + Math.floor(room * share));
      if (next === undefined || next.length <= own) continue;
      room -= next.length - own;
      fitted.set(block, next);
    }
  }
  const missing = ranked.filter((block) => !fitted.has(block));
  const middle = blocks.map((block) => fitted.get(block) ?? "").join("");
  return `${beginning}${middle}${leftOut(missing)}${end}`;
}

function leftOut(blocks: readonly Block[]): string {
  if (blocks.length === 0) return "";
  const titles = [...new Set(blocks.map(({ title }) => title))];
  return `\nLeft out for want of room: ${titles.join(", ")}.\n`;
}

/** As many lines as there is room for; nothing when not even one fits. */
function take({ head, lines, tail = "", most = lines.length, more }: Block, room: number): string | undefined {
  const text = (count: number): string => {
    const rest = lines.length - count;
    return `${head}${[...lines.slice(0, count), ...(rest === 0 ? [] : [more(rest)])].join("\n")}\n${tail}`;
  };
  if (most >= lines.length && lengthOf(head, lines, tail) <= room) return text(lines.length);
  let length = lengthOf(head, [more(lines.length)], tail);
  let count = 0;
  for (const line of lines.slice(0, most)) {
    length += line.length + 1;
    if (length > room) break;
    count += 1;
  }
  return count === 0 ? undefined : text(count);
}

function lengthOf(head: string, lines: readonly string[], tail: string): number {
  return lines.reduce((sum, line) => sum + line.length + 1, head.length + tail.length);
}
