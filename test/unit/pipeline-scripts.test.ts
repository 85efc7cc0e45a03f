import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { BareMachine } from "../support/bare-machine";

describe("the scripts that only pipelines need", () => {
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
  });
  afterEach(() => machine.remove());

  describe("make kubeconfig", () => {
    const file = () => join(machine.clone, ".twofold/kubeconfig");

    it("writes what it is given, for its user alone, and over an older one", () => {
      machine.write("clone/.twofold/kubeconfig", "old, and readable to all");
      const { code, stderr } = machine.run("umask 022; scripts/kubeconfig.sh", {
        KUBECONFIG_DATA: "apiVersion: v1\nx: 'y'",
      });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.equal(readFileSync(file(), "utf8"), "apiVersion: v1\nx: 'y'\n");
      assert.equal(statSync(file()).mode & 0o777, 0o600);
    });

    it("writes nothing where there is nothing", () => {
      assert.equal(machine.run("scripts/kubeconfig.sh", { KUBECONFIG_DATA: "" }).code, 0);
      assert.equal(machine.has("clone/.twofold"), false);
    });
  });

  describe("make preview-comment", () => {
    beforeEach(() => {
      machine.gives("node", '[[ $1 != --version ]] || { echo v24.1.0; exit; }\nprintf "<%s>" "$@" >"$HOME/asked"');
      machine.gives("npm", "echo 11.0.0");
      machine.write("clone/live/report.json", "{}");
      machine.write("clone/fresh/report.json", "{}");
    });
    const asked = () => readFileSync(join(machine.home, "asked"), "utf8").replace(/.*<report\/cli\.ts>/, "");

    it("posts the first report that is there, for the branch and commit of its run", () => {
      const branch = '$(touch "$HOME/ran")`touch $HOME/ran`;me:a b';
      const { code, stderr } = machine.run("scripts/preview-comment.sh", {
        REPORTS: "absent/report.json live/report.json fresh/report.json",
        HEAD_BRANCH: branch,
        HEAD_COMMIT: "0123abcd",
      });
      assert.equal(code, 0, stderr);
      assert.equal(asked(), `<post><--report><live/report.json><--head><${branch}><--commit><0123abcd>`);
      assert.equal(machine.has("home/ran"), false);
    });

    it("asks for no more than it is told", () => {
      machine.run("scripts/preview-comment.sh", { REPORTS: "fresh/report.json" });
      assert.equal(asked(), "<post><--report><fresh/report.json>");
    });

    it("says where it has looked in vain", () => {
      const { code, stderr } = machine.run("scripts/preview-comment.sh", { REPORTS: "a.json b.json" });
      assert.equal(code, 1);
      assert.equal(stderr, "twofold: no report is at a.json b.json\n  run make preview-report first\n");
    });
  });
});
