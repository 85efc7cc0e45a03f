import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parts, withPart } from "../../scripts/graph";

describe("the pictures of the systems", () => {
  for (const { page, mark, content } of parts)
    it(`are current in ${page}; npx tsx scripts/graph.ts draws them anew`, () => {
      const text = readFileSync(join(__dirname, "../..", page), "utf8");
      assert.equal(text, withPart(text, mark, content()));
    });

  it("take the place of what is between the marks, and of nothing else", () => {
    const page = "a\n<!-- graph:begin -->\nold\n<!-- graph:end -->\nb\n";
    const drawn = "a\n<!-- graph:begin -->\nnew\n<!-- graph:end -->\nb\n";
    assert.equal(withPart(page, "graph", "new"), drawn);
    assert.equal(withPart(drawn, "graph", "new"), drawn);
  });

  it("need the marks", () => {
    const missing = /the page has no <!-- graph:begin --> with a <!-- graph:end -->/;
    assert.throws(() => withPart("a page", "graph", "new"), missing);
    assert.throws(() => withPart("<!-- graph:begin -->", "graph", "new"), missing);
  });
});
