import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { features, native, unsupported } from "../../components/core/gaps";
import { columns, type ParityRow, parityJson, parityPage, parityRows, parityTable, worse } from "../../scripts/parity";

const read = (name: string): string => readFileSync(join(__dirname, "../../docs", name), "utf8");

describe("docs/parity.md and docs/parity.json", () => {
  let rows: readonly ParityRow[];

  before(() => {
    rows = parityRows(columns());
  });

  it("are what the targets' tables and the suite's cases say; npm run docs writes them anew", () => {
    assert.equal(read("parity.md"), parityPage(rows));
    assert.equal(read("parity.json"), parityJson(rows));
  });

  it("have a row for every feature, and give a gap's reason, its remedy, and what shows it", () => {
    const lines = parityTable(rows).split("\n");
    assert.equal(lines.length, Object.keys(features).length + 2);
    assert.ok(
      lines.includes(
        "| `schedule` | **unsupported**: Docker has no scheduler. Instead: call the job from a scheduler of the machine | native | runs a job in each minute that its schedule names (absent on Docker, Kubernetes) |",
      ),
    );
    const { docker, kubernetes } = rows.find(({ feature }) => feature === "schedule")?.targets ?? {};
    assert.deepEqual(docker?.shownBy, [
      { title: "runs a job in each minute that its schedule names", expected: "absent" },
    ]);
    assert.deepEqual(kubernetes?.shownBy, [
      { title: "runs a job in each minute that its schedule names", expected: "present" },
    ]);
  });

  it("say of what only a native verdict gives that it is absent where the verdict is approximated", () => {
    const { docker, kubernetes } = rows.find(({ feature }) => feature === "files")?.targets ?? {};
    const title = "gives each file exactly the owner and mode asked for";
    assert.deepEqual([docker?.level, kubernetes?.level], ["native", "approximated"]);
    assert.ok(docker?.shownBy.some((shown) => shown.title === title && shown.expected === "present"));
    assert.ok(kubernetes?.shownBy.some((shown) => shown.title === title && shown.expected === "absent"));
  });

  it("cannot be made where a verdict is shown by nothing", () => {
    const { docker, kubernetes } = columns();
    const behaviours = docker.behaviours.filter(({ feature }) => feature !== "replicas");
    assert.throws(
      () => parityRows({ docker: { ...docker, behaviours }, kubernetes }),
      /^Error: no behaviour shows replicas$/,
    );
  });

  it("are not written when a row gets worse", () => {
    const { docker, kubernetes } = columns();
    const support = { ...docker.support, replicas: unsupported("of a test"), schedule: native };
    const changed = parityRows({ docker: { ...docker, support }, kubernetes });
    assert.deepEqual(worse(rows, changed), ["replicas on docker was native and is unsupported"]);
    assert.deepEqual(worse(changed, rows), ["schedule on docker was native and is unsupported"]);
  });
});
