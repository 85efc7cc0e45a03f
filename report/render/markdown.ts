/**
 * Text that is not ours, such as names, values and messages, is in a comment only by way of `code`, `cell` and `fenced`.
 * In code nothing is Markdown, HTML, a link or a mention, on GitHub and elsewhere.
 */

const controls = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu;

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** One line of code. A backtick would end it, so an apostrophe stands for each. */
export function code(text: string, most = 100): string {
  const line = clip(text.replace(controls, " ").trim(), most).toWellFormed().replaceAll("`", "'");
  return line === "" ? "`(empty)`" : `\`${line}\``;
}

/** The same in a table, where a bar would end the cell, and a backslash before it would let it. */
export function cell(text: string, most = 60): string {
  return code(text.replace(/\\+(?=\|)/g, "$& "), most).replaceAll("|", "\\|");
}

/** Lines for a block between ` ``` `, none of which can end it. */
export function fenced(text: string, most = 200): readonly string[] {
  return text
    .split("\n")
    .map((line) => clip(line.replace(controls, " ").trimEnd(), most).toWellFormed().replaceAll("`", "'"));
}

export function tableHead(columns: readonly string[]): string {
  return `${row(columns)}\n${row(columns.map(() => "---"))}\n`;
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** `1 volume`, `2 volumes`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
