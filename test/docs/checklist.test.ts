import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checklistPage, mistakesIn, reasonsGiven, shownByTests, shownIn } from "../../scripts/checklist";
import { rows } from "../checklist/rows";

describe("docs/checklist.md", () => {
  const shown = shownByTests();
  const reasons = reasonsGiven(shown);

  it("names no row that is not there, and has one state for every other", () => {
    assert.deepEqual(mistakesIn(shown, reasons), []);
  });

  it("is what the titles of the tests say; npm run docs writes it anew", () => {
    assert.equal(readFileSync(join(__dirname, "../../docs/checklist.md"), "utf8"), checklistPage(shown, reasons));
  });

  it("takes what a test shows from its title", () => {
    const source = `
      it("answers [S1-01, S1-02]", () => undefined);
      it(\`is \${what} there [S1-03]\`, () => undefined);
      scene.behaviour("ports", "lets through [S1-04]", () => undefined);
      it.skip("is not tried [S1-05]", () => undefined);
      const [first] = found["S1-06"]; say("[S1-07]");`;
    assert.deepEqual(shownIn("file.ts", source), [
      { row: "S1-01", file: "file.ts", title: "answers" },
      { row: "S1-02", file: "file.ts", title: "answers" },
      { row: "S1-03", file: "file.ts", title: "is … there" },
      { row: "S1-04", file: "file.ts", title: "lets through" },
    ]);
  });

  it("finds rows that are unknown, without a state, or with two", () => {
    const all = Object.keys(rows);
    const most = all.slice(2).map((row) => ({ row, file: "f", title: "t" }));
    const [first = "", second = "", third = ""] = all;
    assert.deepEqual(
      mistakesIn(
        [...most, { row: "S9-01", file: "f", title: "t" }],
        new Map([first, third, "S9-02"].map((row) => [row, { open: "it takes time" }])),
      ),
      [
        "S9-01 in f is no row",
        "S9-02 in test/checklist is no row",
        `${third} is shown by a test: take it out of test/checklist`,
        `${second} has no state: show it by a test with [${second}] in its title, or say why not in test/checklist`,
      ],
    );
  });
});
