import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { alertsPage } from "../../scripts/alerts";
import { coverage, namesOfKubePrometheus } from "../../scripts/alerts-covered";

describe("docs/alerts.md", () => {
  it("is what the rules say; npm run docs writes it anew", () => {
    assert.equal(readFileSync(join(__dirname, "../../docs/alerts.md"), "utf8"), alertsPage());
  });

  it("says of every alert of kube-prometheus by which of ours it is covered, or why it is not", () => {
    assert.equal(new Set(namesOfKubePrometheus).size, namesOfKubePrometheus.length);
    const without = namesOfKubePrometheus.filter((name) => coverage(name).by === undefined);
    assert.ok(without.length <= 10, without.join());
    assert.throws(() => coverage("KubeUnheardOf"), /neither covered nor left out/);
  });
});
