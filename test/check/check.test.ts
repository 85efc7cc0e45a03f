import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

describe("make check", () => {
  it("finds types, lint, format and unused code in order", () => {
    const { status, stdout, stderr } = spawnSync("scripts/check.sh", { encoding: "utf8" });
    assert.equal(status, 0, `${stdout}${stderr}`);
  }).timeout(300_000);
});
