import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findingsIn, scanImage } from "../../images/scan";
import { ProgramsOnPath, printed } from "../support/programs-on-path";

const vulnerability = (VulnerabilityID: string, Severity: string, PkgName: string, FixedVersion?: string) => ({
  ...{ VulnerabilityID, Severity, PkgName, InstalledVersion: "1.0", Title: "not read" },
  ...(FixedVersion === undefined ? {} : { FixedVersion }),
});
const report = (...Vulnerabilities: readonly object[]) => ({
  SchemaVersion: 2,
  Results: [{ Target: "debian 12", Class: "os-pkgs", Vulnerabilities }, { Target: "app/package-lock.json" }],
});

describe("the findings of a scan", () => {
  it("come with the worst first, and each once", () => {
    const low = vulnerability("CVE-3", "LOW", "tar");
    const found = findingsIn(
      report(low, vulnerability("CVE-2", "CRITICAL", "zlib"), low, vulnerability("CVE-1", "NEW WORD", "apt", "1.1")),
    );
    assert.deepEqual(
      found.map(({ id, severity, fixed }) => [id, severity, fixed]),
      [
        ["CVE-2", "CRITICAL", ""],
        ["CVE-3", "LOW", ""],
        ["CVE-1", "UNKNOWN", "1.1"],
      ],
    );
  });

  it("are none where nothing is listed", () => {
    assert.deepEqual(findingsIn({ SchemaVersion: 2 }), []);
    assert.throws(() => findingsIn("no report"));
  });
});

describe("scanning an image", () => {
  let programs: ProgramsOnPath;
  before(() => {
    programs = new ProgramsOnPath({
      trivy:
        'echo "$@" >arguments; while [ "$1" != --output ]; do shift; done; cp report "$2" || { echo "no database"; exit 1; }',
    });
  });
  after(() => programs.remove());
  const reference = "registry.example.com:5000/shop/api:1.4.2";
  const scan = (given: object | undefined) => {
    if (given !== undefined) writeFileSync(join(programs.folder, "report"), JSON.stringify(given));
    return printed(() => scanImage(reference, join(programs.folder, "scan")));
  };

  it("says why it could not be, and does not let it pass", async () => {
    const { result, lines } = await scan(undefined);
    assert.deepEqual(
      [result, lines],
      [false, [`${reference} could not be scanned: trivy ended with exit code 1: no database`]],
    );
  });

  it("lets it pass without anything grave that could be mended, and keeps the report", async () => {
    const { result, lines } = await scan(
      report(vulnerability("CVE-1", "CRITICAL", "zlib"), vulnerability("CVE-2", "MEDIUM", "tar", "1.1")),
    );
    assert.deepEqual([result, lines], [true, [`${reference}: 1 critical, 1 medium; 0 to be mended`]]);
    const asked = readFileSync(join(programs.folder, "arguments"), "utf8").trim();
    const file = join(programs.folder, "scan/registry.example.com-5000-shop-api-1.4.2.json");
    assert.equal(asked, `image --quiet --scanners vuln --format json --output ${file} ${reference}`);
    assert.ok(existsSync(file));
  });

  it("does not let pass what is grave and could be mended", async () => {
    const { result, lines } = await scan(report(vulnerability("CVE-1", "HIGH", "zlib", "1.1")));
    assert.equal(result, false);
    assert.deepEqual(lines, [`${reference}: 1 high; 1 to be mended`, "  HIGH      CVE-1  zlib 1.0, mended in 1.1"]);
  });

  it("says that nothing is known", async () => {
    assert.deepEqual((await scan({})).lines, [`${reference}: nothing known; 0 to be mended`]);
  });
});
