"use strict";
// Mocha's spec reporter, and after it what scripts/lanes.ts goes by: how many there were, which failed and why, how long each
// took. It is written to the file TEST_REPORT; without one, the line "N passed, N failed, N skipped" ends the output.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

const columns = 200;

/** A failure on one line; of what a program printed, the line with its first error. */
function inShort(test) {
  const lines = String(test.err?.message ?? test.err ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const said = lines.find((line) => /\berror:/i.test(line)) ?? lines[0] ?? "";
  return `${test.fullTitle()}: ${said.slice(0, columns)}`;
}

module.exports = class Counted extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.times = [];
    const keep = (each) =>
      this.times.push({ title: each.fullTitle(), file: each.file ?? "", milliseconds: each.duration ?? 0 });
    runner.on("test end", keep).on("hook end", keep);
  }

  epilogue() {
    const { passes, failures, pending } = this.stats;
    const { TEST_REPORT: path } = process.env;
    if (path === undefined) {
      super.epilogue();
      console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
    } else {
      const { times } = this;
      const brief = this.failures.map(inShort);
      writeFileSync(path, JSON.stringify({ passes, failures, pending, failed: this.explained(), brief, times }));
    }
  }

  /** What Mocha says of the failures, as text. */
  explained() {
    const lines = [];
    const { consoleLog } = reporters.Base;
    reporters.Base.consoleLog = (...words) => lines.push(require("node:util").format(...words));
    reporters.Base.list(this.failures);
    reporters.Base.consoleLog = consoleLog;
    return lines.join("\n");
  }
};
