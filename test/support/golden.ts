import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

const root = join(__dirname, "../..");
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

/**
 * Compares data with `test/golden/<name>.yaml`, or writes that file when `UPDATE_GOLDEN=1`. The project's own folder is
 * written as `<project>`, so that the file is the same on every machine.
 */
export function matchesGolden(name: string, data: object): void {
  // Through JSON, which is how secrets show themselves as references.
  const plain: unknown = JSON.parse(JSON.stringify(data));
  matchesGoldenText(name, stringify(plain, { aliasDuplicateObjects: false, lineWidth: 0 }));
}

/** The same for what is text already, in a file that may have another ending. */
export function matchesGoldenText(name: string, given: string, ending = "yaml"): void {
  const path = join(root, "test/golden", `${name}.${ending}`);
  const text = given.replaceAll(root, "<project>");
  if (isUpdate) writeFileSync(path, text);
  assert.ok(existsSync(path), `${path} is missing; UPDATE_GOLDEN=1 writes it`);
  assert.equal(text, readFileSync(path, "utf8"), `${name} has changed; if that was meant, UPDATE_GOLDEN=1 accepts it`);
}
