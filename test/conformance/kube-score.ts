import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");
const tool = "kube-score";

/** How long a test may take that has to build the tool. */
export const scoreMilliseconds = 1_200_000;

/** Builds the tool unless it is there, and gives its path. */
export function builtTool(): string {
  execFileSync(join(root, "toolchain/build.sh"), [tool], { stdio: "inherit" });
  const script = `. "${root}/scripts/lib/toolchain.sh"; tool_path ${tool}`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim();
}

/** What kube-score calls critical, a line each. */
export async function criticalIn(program: string, yaml: string): Promise<readonly string[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(program, ["score", "--output-format", "ci", "-"], (error, stdout, stderr) =>
      // it ends with 1 when there is something critical, and says so on stdout
      stdout === "" ? reject(error ?? new Error(stderr)) : resolve(stdout),
    );
    child.stdin?.end(yaml);
  });
  return output.split("\n").filter((line) => line.startsWith("[CRITICAL]"));
}
