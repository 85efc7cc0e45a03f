import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { readStackFile } from "../../config/stack-file";
import { renderStack } from "../../scripts/render";

const root = join(__dirname, "../..");
const tool = "kube-score";

/** Builds the tool unless it is there, and gives its path. */
function builtTool(): string {
  execFileSync(join(root, "toolchain/build.sh"), [tool], { stdio: "inherit" });
  const script = `. "${root}/scripts/lib/toolchain.sh"; tool_path ${tool}`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim();
}

/** What kube-score calls critical, a line each. */
async function criticalIn(program: string, yaml: string): Promise<readonly string[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(program, ["score", "--output-format", "ci", "-"], (error, stdout, stderr) =>
      // it ends with 1 when there is something critical, and says so on stdout
      stdout === "" ? reject(error ?? new Error(stderr)) : resolve(stdout),
    );
    child.stdin?.end(yaml);
  });
  return output.split("\n").filter((line) => line.startsWith("[CRITICAL]"));
}

describe("the manifests of production", function () {
  this.timeout(60_000);
  let program: string;
  let yaml: string;

  before(function () {
    this.timeout(1_200_000); // the tool may have to be built
    program = builtTool();
    ({ yaml } = renderStack(readStackFile(root, "prod"), undefined));
  });

  it("have nothing that kube-score calls critical", async () => {
    assert.deepEqual(await criticalIn(program, yaml), []);
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
