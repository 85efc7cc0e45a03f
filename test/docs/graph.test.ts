import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { algoTradingGraph, pagesWithGraph, withGraph } from "../../scripts/graph";

describe("the graph of algo-trading", () => {
  for (const page of pagesWithGraph) {
    it(`is current in ${page}; npx tsx scripts/graph.ts draws it anew`, () => {
      const text = readFileSync(join(__dirname, "../..", page), "utf8");
      assert.equal(text, withGraph(text, algoTradingGraph()));
    });
  }

  it("takes the place of the one between the marks, and of nothing else", () => {
    const page = "a\n<!-- graph:begin -->\nold\n<!-- graph:end -->\nb\n";
    const drawn = "a\n<!-- graph:begin -->\n```mermaid\nnew\n```\n<!-- graph:end -->\nb\n";
    assert.equal(withGraph(page, "new"), drawn);
    assert.equal(withGraph(drawn, "new"), drawn);
  });

  it("needs the marks", () => {
    assert.throws(() => withGraph("a page", "new"), /the page has no <!-- graph:begin --> with a <!-- graph:end -->/);
    assert.throws(() => withGraph("<!-- graph:begin -->", "new"), /the page has no/);
  });
});
