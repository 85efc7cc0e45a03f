import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeFile } from "./compose-file";
import { type Command, measure, type Sample } from "./process";
import { benchServices } from "./services";
import { type BenchSettings, settingsEnvironment } from "./settings";

/** Brings the eight services up and down. */
export interface Tool {
  readonly name: string;
  /** Beginning of the names of everything that it makes. */
  readonly prefix: string;
  /** Brings everything up; `value` is the variable that one of the services has. */
  up(value: string): Promise<Sample>;
  down(): Promise<Sample>;
}

export const root = join(__dirname, "..");

/** Docker Compose v2, built from its Go module. */
export function composeTool(program: string, folder: string, references: Readonly<Record<string, string>>): Tool {
  const prefix = "twofold-bench-compose";
  const command = (args: readonly string[]): Command => ({ program, args, folder, env: {} });
  return {
    name: "Docker Compose",
    prefix,
    up: (value) => {
      const file = composeFile(prefix, benchServices(value), (upstream) => references[upstream] ?? upstream);
      writeFileSync(join(folder, "compose.yaml"), file);
      return measure(command(["up", "--detach", "--wait"]));
    },
    down: () => measure(command(["down", "--volumes"])),
  };
}

export interface TwofoldOptions {
  readonly isolation: BenchSettings["isolation"];
  /** Whether Pulumi shows a preview before each `up`. */
  readonly preview: boolean;
  /** How many operations at once; Pulumi's default when absent. */
  readonly parallel?: number;
}

/** `pulumi up` with a state of its own in `folder`. */
export async function twofoldTool(
  { isolation, preview, parallel }: TwofoldOptions,
  folder: string,
  references: Readonly<Record<string, string>>,
): Promise<Tool> {
  const details = [
    `isolation ${isolation}`,
    preview ? "preview" : "",
    parallel === undefined ? "" : `parallel ${parallel}`,
  ];
  const stack = ["bench", isolation, preview ? "preview" : "", parallel ?? ""].filter((part) => part !== "").join("-");
  const prefix = `twofold-${stack}`;
  const run = await pulumiStack(stack, folder, { prefix, isolation, references });
  const options = parallel === undefined ? [] : ["--parallel", String(parallel)];
  return {
    name: `Twofold, ${details.filter((detail) => detail !== "").join(", ")}`,
    prefix,
    up: (value) => run(["up", "--yes", ...options, ...(preview ? [] : ["--skip-preview"])], value),
    down: () => run(["destroy", "--yes", ...options, "--skip-preview"]),
  };
}

/** Runs pulumi on a new stack of the benchmark's program, with the value of the variable that changes. */
export async function pulumiStack(
  stack: string,
  folder: string,
  settings: Omit<BenchSettings, "value">,
): Promise<(args: readonly string[], value?: string) => Promise<Sample>> {
  const run = await pulumiIn(join(__dirname, "program"), stack, folder);
  return (args, value = "") => run(args, settingsEnvironment({ ...settings, value }));
}

/** Runs pulumi on a new stack of the program in a folder, with a state in `folder`. */
export async function pulumiIn(
  program: string,
  stack: string,
  folder: string,
): Promise<(args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Sample>> {
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Sample> =>
    measure({
      program: "pulumi",
      args: [...args, "--stack", stack, "--non-interactive"],
      folder: program,
      env: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...env,
      },
    });
  mkdirSync(join(root, ".twofold", "bench"), { recursive: true });
  await run(["stack", "init"]);
  return run;
}

/** Builds Docker Compose unless it is there, and gives its path. */
export function buildCompose(): string {
  execFileSync(join(root, "toolchain/build.sh"), ["docker-compose"], { stdio: "inherit" });
  const script = `. "${root}/scripts/lib/toolchain.sh"; tool_path docker-compose`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim();
}
