import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { type Row, rows } from "../test/checklist/rows";
import { systemNames } from "../systems/places";
import type { Reason, Reasons } from "../test/checklist/state";

const root = join(__dirname, "..");
const checklist = join(root, "test/checklist");

/** A test that says in its title which rows it shows. */
export interface Shown {
  readonly row: string;
  readonly file: string;
  readonly title: string;
}

/** Functions that declare a test, by their last name: those of Mocha, and those of the behaviour suite. */
const declaring = new Set(["it", "behaviour", "nativeBehaviour"]);
const ids = /\s*\[(S\d-\d\d(?:, S\d-\d\d)*)\]/;

/** What the titles in a file of tests say that they show: `it("answers [S1-01, S1-02]", …)`. */
export function shownIn(file: string, source: string): readonly Shown[] {
  const found: Shown[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && declaring.has(nameOf(node.expression)))
      for (const title of node.arguments.flatMap(textOf)) {
        const rowsOf = ids.exec(title)?.[1]?.split(", ") ?? [];
        found.push(...rowsOf.map((row) => ({ row, file, title: title.replace(ids, "").trim() })));
      }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest));
  return found;
}

function nameOf(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
}

/** A title as it is written; what it is put together from at run time is three dots. */
function textOf(node: ts.Node): readonly string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return [];
  return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("")];
}

/** What all tests of the project say that they show. */
export function shownByTests(): readonly Shown[] {
  const folders = ["test", "workloads/test"];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(root, folder, file)),
  );
  return files.sort().flatMap((file) => shownIn(relative(root, file), readFileSync(file, "utf8")));
}

const systems = {
  S1: "algo-trading",
  S2: "trademaster",
  S3: "zigquant",
  S4: "metrics-examples",
  S5: "marketprism",
} as const;

/** Why rows are not shown, as each system's file in test/checklist says; nothing can be seen of a system that is not there. */
export function reasonsGiven(shown: readonly Shown[]): ReadonlyMap<string, Reason> {
  const files = readdirSync(checklist).filter((file) => !["rows.ts", "state.ts"].includes(file));
  const given = files.flatMap((file) => {
    const { rows: own } = require(join(checklist, file)) as { readonly rows: Reasons };
    return Object.entries(own);
  });
  const seen = new Set(shown.map(({ row }) => row));
  const absent = Object.entries(systems)
    .filter(([, name]) => !systemNames.some((present) => present === name))
    .flatMap(([short, name]) =>
      Object.keys(rows)
        .filter((row) => row.startsWith(`${short}-`) && !seen.has(row))
        .map((row): [string, Reason] => [row, { open: `needs ${name}, which is not in the catalogue yet` }]),
    );
  return new Map([...absent, ...given]);
}

/** What is wrong with what is said of the rows, a line each. */
export function mistakesIn(shown: readonly Shown[], reasons: ReadonlyMap<string, Reason>): readonly string[] {
  const isRow = (row: string): boolean => Object.hasOwn(rows, row);
  const seen = new Set(shown.map(({ row }) => row));
  return [
    ...shown.filter(({ row }) => !isRow(row)).map(({ row, file }) => `${row} in ${file} is no row`),
    ...[...reasons.keys()].filter((row) => !isRow(row)).map((row) => `${row} in test/checklist is no row`),
    ...[...reasons.keys()]
      .filter((row) => seen.has(row))
      .map((row) => `${row} is shown by a test: take it out of test/checklist`),
    ...Object.keys(rows)
      .filter((row) => !seen.has(row) && !reasons.has(row))
      .map(
        (row) => `${row} has no state: show it by a test with [${row}] in its title, or say why not in test/checklist`,
      ),
  ];
}

/** The page as it must be; a test compares it with the one that is checked in. */
export function checklistPage(shown: readonly Shown[], reasons: ReadonlyMap<string, Reason>): string {
  const all = Object.keys(rows) as Row[];
  const seen = Map.groupBy(shown, ({ row }) => row);
  const counts = (of: readonly string[]): string => {
    const count = (state: (row: string) => boolean): number => of.filter(state).length;
    const because = (kind: string) => (row: string) => !seen.has(row) && kind in (reasons.get(row) ?? {});
    return [
      `${count((row) => seen.has(row))} of ${of.length} shown`,
      `${count(because("open"))} open`,
      `${count(because("notApplicable"))} not applicable`,
    ].join(", ");
  };
  const sections = Object.entries(systems).map(([short, name]) => {
    const own = all.filter((row) => row.startsWith(`${short}-`));
    const lines = own.map((row) => `| ${row} | ${rows[row]} | ${stateOf(seen.get(row) ?? [], reasons.get(row))} |`);
    return `## ${name}\n\n${counts(own)}.\n\n| row | what has to be | state |\n| --- | --- | --- |\n${lines.join("\n")}\n`;
  });
  return `# Checklist

What the five systems have to be, row by row, and what shows that they are: the tests that carry the row in their title. Of all rows,
${counts(all)}. This page is generated from \`test/checklist\` and the titles of the tests: \`npm run docs\`.

${sections.join("\n")}`;
}

function stateOf(shown: readonly Shown[], reason: Reason | undefined): string {
  if (shown.length > 0)
    return shown.map(({ file, title }) => `shown: ${title.replaceAll("|", "\\|")} ([test](../${file}))`).join("<br>");
  if (reason === undefined) return "open: nobody has looked at it yet";
  return "open" in reason ? `open: ${reason.open}` : `not applicable: ${reason.notApplicable}`;
}

if (require.main === module) {
  const shown = shownByTests();
  writeFileSync(join(root, "docs/checklist.md"), checklistPage(shown, reasonsGiven(shown)));
}
