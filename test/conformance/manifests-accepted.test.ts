import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { readStackFile } from "../../config/stack-file";
import { renderStack } from "../../scripts/render";
import { ownCluster } from "../../systems/cluster";
import type { Said } from "./live-target";
import { missingCluster } from "./kubernetes/cluster";

const program = join(dirname(ownCluster.kubeconfig), "bin/kubectl");

/** kubectl for the cluster of this clone, which is given a text to read. */
function kubectl(args: readonly string[], input = ""): Promise<Said> {
  const where = ["--kubeconfig", ownCluster.kubeconfig, "--context", ownCluster.context];
  return new Promise((resolve) => {
    const child = execFile(program, [...where, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

describe("a cluster that is given the manifests of a stack", function () {
  this.timeout(120_000);
  const namePrefix = `twofold-test-${randomBytes(4).toString("hex")}`;
  const namespace = `${namePrefix}-algo-trading`;
  const rendered = (stack: string): string =>
    renderStack({ ...readStackFile(join(__dirname, "../.."), stack), namePrefix }, undefined, "kubernetes").yaml;
  const judge = (yaml: string): Promise<Said> =>
    kubectl(["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"], yaml);

  before(async function () {
    const missing = await missingCluster();
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    // what is tried out leaves no namespace for what comes after it
    const { code, stderr } = await kubectl(["create", "namespace", namespace]);
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await kubectl(["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]);
  });

  for (const stack of ["prod", "dev"])
    it(`accepts every object of ${stack}, with no field that it does not know`, async () => {
      const yaml = rendered(stack);
      const { code, stdout, stderr } = await judge(yaml);
      assert.equal(code, 0, stderr);
      const accepted = stdout.split("\n").filter((line) => line.endsWith("serverside-applied (server dry run)"));
      assert.equal(accepted.length, parseAllDocuments(yaml).length, stdout);
    });

  it("would refuse a field that it does not know, and a value of another type", async () => {
    const yaml = rendered("prod");
    const unknown = await judge(yaml.replace("enableServiceLinks:", "enableServiceLink:"));
    assert.match(unknown.stderr, /field not declared in schema|unknown field/);
    const mistyped = await judge(yaml.replace("enableServiceLinks: false", 'enableServiceLinks: "no"'));
    assert.notEqual(mistyped.code, 0);
  });
});
