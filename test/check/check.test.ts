import assert from "node:assert/strict";
import { x } from "tinyexec";

describe("make check", () => {
  // begins when the file is read: it takes a processor of its own while the first tests run
  const check = x("scripts/check.sh", []);

  it("finds types, lint, format and unused code in order", async () => {
    const { exitCode, stdout, stderr } = await check;
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
  }).timeout(300_000);
});
