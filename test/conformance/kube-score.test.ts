import assert from "node:assert/strict";
import { join } from "node:path";
import { readStackFile } from "../../config/stack-file";
import { renderStack } from "../../scripts/render";
import { builtTool, criticalIn, scoreMilliseconds } from "./kube-score";

const root = join(__dirname, "../..");

/** What prometheus-operator makes, and what a rendering therefore lacks; the live cases look at it with those. */
const ofTheOperator = /^\[CRITICAL\] (alertmanager|prometheus)\/monitoring .* does(n't| not) match any pods/;

describe("the manifests of production", function () {
  this.timeout(60_000);
  let program: string;
  let yaml: string;

  before(function () {
    this.timeout(scoreMilliseconds);
    program = builtTool();
    ({ yaml } = renderStack(readStackFile(root, "prod")));
  });

  it("have nothing that kube-score calls critical", async () => {
    const critical = await criticalIn(program, yaml);
    const [known, others] = [true, false].map((is) => critical.filter((line) => ofTheOperator.test(line) === is));
    assert.deepEqual([known?.length, others], [4, []]);
  });

  it("would have something, were a limit missing or the network open", async () => {
    const found = await criticalIn(
      program,
      yaml.replaceAll(/^ +cpu: .*\n/gm, "").replaceAll("kind: NetworkPolicy", "kind: ConfigMap"),
    );
    const market = found.filter((line) => line.includes(" apps/v1/Deployment") && line.includes("market-data"));
    assert.ok(
      market.some((line) => line.includes("CPU limit is not set")),
      market.join("\n"),
    );
    assert.ok(
      market.some((line) => line.includes("NetworkPolicy")),
      market.join("\n"),
    );
  });
});
