import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { readStackFile } from "../../config/stack-file";
import { renderStack } from "../../scripts/render";
import type { Said } from "./live-target";
import { operatorDefinitions } from "../../components/monitoring/cluster/crds";
import { missingCluster } from "./kubernetes/cluster";
import { kubectl, kubectlDoes } from "./monitoring/deployed-monitoring";

describe("a cluster that is given the manifests of a stack", function () {
  this.timeout(120_000);
  const namePrefix = `twofold-test-${randomBytes(4).toString("hex")}`;
  const namespaces = ["algo-trading", "monitoring", "monitoring-agents"].map((name) => `${namePrefix}-${name}`);
  const brought: string[] = [];
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
    // what is tried out leaves no namespace for what comes after it, and no kinds
    for (const name of namespaces) await kubectlDoes(["create", "namespace", name]);
    const there = await kubectlDoes(["get", "customresourcedefinitions", "-o", "name"]);
    const missingKinds = operatorDefinitions().filter(({ metadata: { name } }) => !there.includes(`/${name}\n`));
    for (const { metadata } of missingKinds) brought.push(metadata.name);
    if (missingKinds.length > 0)
      await kubectlDoes(
        ["apply", "--server-side", "-f", "-"],
        missingKinds.map((each) => JSON.stringify(each)).join("\n---\n"),
      );
    for (const name of brought)
      await kubectlDoes(["wait", "--for=condition=Established", `customresourcedefinition/${name}`, "--timeout=60s"]);
  });
  after(async () => {
    await kubectl(["delete", "namespace", ...namespaces, "--ignore-not-found", "--wait=false"]);
    // one that nobody has asked for yet is not ready to be emptied, and then looked at again only after five minutes
    await Promise.all(brought.map((name) => kubectlDoes(["get", name, "-A"])));
    await Promise.all(brought.map((name) => kubectlDoes(["delete", "customresourcedefinition", name])));
  });

  for (const stack of ["prod", "dev"])
    it(`accepts every object of ${stack}, with no field that it does not know`, async () => {
      const yaml = rendered(stack);
      const { code, stdout, stderr } = await judge(yaml);
      assert.equal(code, 0, stderr);
      const accepted = stdout.split("\n").filter((line) => line.endsWith("serverside-applied (server dry run)"));
      // what a part is headed with is a document without anything in it
      const objects = parseAllDocuments(yaml).filter((document) => document.toJS() !== null);
      assert.equal(accepted.length, objects.length, stdout);
    });

  it("would refuse a field that it does not know, and a value of another type", async () => {
    const yaml = rendered("prod");
    const unknown = await judge(yaml.replace("enableServiceLinks:", "enableServiceLink:"));
    assert.match(unknown.stderr, /field not declared in schema|unknown field/);
    const mistyped = await judge(yaml.replace("enableServiceLinks: false", 'enableServiceLinks: "no"'));
    assert.notEqual(mistyped.code, 0);
  });
});
