import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { features } from "../../components/core/gaps";
import { support as docker } from "../../components/targets/docker/support";
import { support as kubernetes } from "../../components/targets/kubernetes/support";
import { parityPage, parityTable } from "../../scripts/parity";

describe("docs/parity.md", () => {
  it("is what the targets' tables say; npm run docs writes it anew", () => {
    assert.equal(readFileSync(join(__dirname, "../../docs/parity.md"), "utf8"), parityPage());
  });

  it("has a row for every feature, and gives a gap's reason and remedy", () => {
    const rows = parityTable({ Docker: docker, Kubernetes: kubernetes }).split("\n");
    assert.equal(rows.length, Object.keys(features).length + 2);
    assert.ok(
      rows.includes(
        "| `schedule` | **unsupported**: Docker has no scheduler. Instead: call the job from a scheduler of the machine | native |",
      ),
    );
    assert.ok(rows.includes("| `replicas` | native | native |"));
  });
});
