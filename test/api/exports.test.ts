import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as twofold from "../../components";

const face = join(__dirname, "../../components/index.ts");

/** What the public face exports, a line each, as `type Name` or `value name`. */
function exported(): readonly string[] {
  const source = ts.createSourceFile(face, readFileSync(face, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    assert.ok(ts.isExportDeclaration(statement), "the public face re-exports, and does nothing else");
    const { exportClause: clause, isTypeOnly } = statement;
    assert.ok(clause && ts.isNamedExports(clause), "the public face names what it exports");
    return clause.elements.map(({ name, isTypeOnly: type }) => `${isTypeOnly || type ? "type" : "value"} ${name.text}`);
  });
}

describe("the public face", () => {
  it("exports the names of test/api/exports.txt; a change there is one for everybody who uses the package", () => {
    const listed = readFileSync(join(__dirname, "exports.txt"), "utf8").trimEnd().split("\n");
    assert.deepEqual([...exported()].sort(), listed);
  });

  it("has each value at run time, and nothing that is not listed", () => {
    const values = exported().flatMap((line) => (line.startsWith("value ") ? [line.slice("value ".length)] : []));
    assert.deepEqual(Object.keys(twofold).sort(), values.sort());
    for (const value of Object.values(twofold)) assert.notEqual(value, undefined);
  });
});
