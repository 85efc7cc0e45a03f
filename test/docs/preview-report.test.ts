import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../../report/settings";

describe("docs/preview-report.md", () => {
  it("has a row for each gate, with what it does by default", () => {
    const page = readFileSync(join(__dirname, "../../docs/preview-report.md"), "utf8");
    const rows = [...page.matchAll(/^\| `(\w+)` \| .* \| `(fail|show)` \|$/gm)].map(([, gate, action]) => [
      gate,
      action,
    ]);
    assert.deepEqual(rows, Object.entries(readSettings({}).gates));
  });
});
