import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { parse, stringify } from "yaml";

const pack = join(__dirname, "../../../policy");

/** What a pack has said in a preview. */
export interface Previewed {
  readonly code: number;
  readonly output: string;
  readonly violations: readonly PolicyEvent[];
}

export interface PolicyEvent {
  readonly policyName: string;
  readonly enforcementLevel: string;
  readonly message: string;
  readonly resourceUrn: string;
}

interface Choices {
  /** Of the stack. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Of `--policy-pack-config`. */
  readonly packConfig?: object;
  /** The state that the stack has, as `pulumi stack export` prints it. */
  readonly state?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** Whether there is a Pulumi with these providers. */
export async function hasPulumi(...providers: readonly string[]): Promise<boolean> {
  try {
    const { stdout } = await x("pulumi", ["plugin", "ls", "--json"], { throwOnError: true });
    const plugins = JSON.parse(stdout) as readonly { readonly name: string }[];
    return providers.every((name) => plugins.some((plugin) => plugin.name === name));
  } catch {
    return false;
  }
}

/**
 * Previews a program under the policy pack, with a state of its own that is gone afterwards. There is no engine and no cluster:
 * nothing that runs on this machine is asked.
 */
export async function preview(program: string, choices: Choices = {}): Promise<Previewed> {
  const folder = mkdtempSync(join(tmpdir(), "twofold-"));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const env = {
    PULUMI_BACKEND_URL: `file://${folder}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "a test's",
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    DOCKER_HOST: `unix://${join(folder, "no-engine.sock")}`,
    ...choices.env,
  };
  const run = (cwd: string, args: readonly string[], throwOnError = true) =>
    x("pulumi", [...args, "--stack", "test", "--non-interactive"], { throwOnError, nodeOptions: { cwd, env } });
  try {
    // made in a folder of its own, because Pulumi would write the salt of the passphrase beside the program
    const { name } = parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")) as { readonly name: string };
    file("Pulumi.yaml", stringify({ name, runtime: "nodejs" }));
    await run(folder, ["stack", "init", "--no-select"]);
    const config = join(folder, "Pulumi.test.yaml");
    appendFileSync(config, stringify({ config: choices.config ?? {} }));
    if (choices.state !== undefined)
      await run(folder, ["stack", "import", "--file", file("state.json", JSON.stringify(choices.state))]);
    const log = join(folder, "events");
    const ofPack =
      choices.packConfig === undefined
        ? []
        : ["--policy-pack-config", file("pack.json", JSON.stringify(choices.packConfig))];
    const { exitCode, stdout, stderr } = await run(
      program,
      ["preview", "--policy-pack", pack, ...ofPack, "--config-file", config, "--event-log", log, "--suppress-progress"],
      false,
    );
    return { code: exitCode ?? -1, output: stdout + stderr, violations: violationsIn(log) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function violationsIn(log: string): readonly PolicyEvent[] {
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => (JSON.parse(line) as { readonly policyEvent?: PolicyEvent }).policyEvent ?? []);
}
