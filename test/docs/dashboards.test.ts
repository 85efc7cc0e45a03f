import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboardsPage } from "../../scripts/dashboards";

describe("docs/dashboards.md", () => {
  it("is what the dashboards are; npm run docs writes it anew", () => {
    assert.equal(readFileSync(join(__dirname, "../../docs/dashboards.md"), "utf8"), dashboardsPage());
  });
});
