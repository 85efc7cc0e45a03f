"use strict";
// Mocha's spec reporter, and after it one line that people and machines read alike: N passed, N failed, N skipped.
const { reporters } = require("mocha");

module.exports = class Counted extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
};
