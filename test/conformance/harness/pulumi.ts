import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Output, type Result, x } from "tinyexec";

/** Folders of the programs that a stack can run. */
export const programs = {
  suite: join(__dirname, "../programs"),
  catalogue: join(__dirname, "../programs/catalogue"),
  report: join(__dirname, "../programs/report"),
} as const;
const stackSettings = join(__dirname, "../../../.twofold/conformance");

/** What a run of the CLI did. */
export interface Run {
  readonly code: number;
  /** Both streams together, as a person would see them. */
  readonly output: string;
  readonly seconds: number;
  /** How many resources were created, updated, replaced, left the same and so on. */
  readonly changes: Readonly<Record<string, number>>;
  /** Each step that was not `same`. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly op: string;
  /** Type token of the resource. */
  readonly type: string;
  readonly name: string;
}

/** How a stack keeps its state. */
interface Keeping {
  /** Whether all of it is written before and after each step, or once, at the end of a run. @default true */
  readonly checkpoints?: boolean;
}

/** A stack with a state, a passphrase and settings of its own, which nothing else can see. */
export class PulumiStack {
  readonly name: string;
  readonly #program: string;
  readonly #folder: string;
  readonly #env: Record<string, string>;
  readonly #running = new Set<Result>();

  private constructor(name: string, program: string, folder: string, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#program = program;
    this.#folder = folder;
    this.#env = {
      // as that of a clone, which survives the end of a run at any moment
      PULUMI_BACKEND_URL: `file://${folder}?metadata=skip`,
      // without it the CLI has no --event-log
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // a run is short, and a fifth of its processor time would go into keeping its memory small
      GOGC: "400",
      ...env,
    };
  }

  static async create(
    name: string,
    passphrase: string,
    program: string = programs.suite,
    { checkpoints = true }: Keeping = {},
  ): Promise<PulumiStack> {
    mkdirSync(stackSettings, { recursive: true });
    const stack = new PulumiStack(name, program, mkdtempSync(join(tmpdir(), "twofold-")), {
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      ...(checkpoints ? {} : { PULUMI_SKIP_CHECKPOINTS: "true" }),
    });
    await stack.#require(["stack", "init", name, "--no-select"]);
    return stack;
  }

  /** Variables with which another process sees the same stack. */
  get env(): Readonly<Record<string, string>> {
    return this.#env;
  }

  up(env: Readonly<Record<string, string>> = {}, options: readonly string[] = []): Promise<Run> {
    return this.#run("up", ["--yes", "--skip-preview", ...options], env);
  }

  /** Has the state learn how these resources really are. */
  async refresh(urns: readonly string[]): Promise<void> {
    const targets = urns.flatMap((urn) => ["--target", urn]);
    await this.#require(["refresh", "--yes", "--skip-preview", "--stack", this.name, ...targets]);
  }

  preview(env: Readonly<Record<string, string>>): Promise<Run> {
    return this.#run("preview", [], env);
  }

  destroy(env: Readonly<Record<string, string>> = {}): Promise<Run> {
    return this.#run("destroy", ["--yes", "--skip-preview"], env);
  }

  /** Starts `up` and ends it and everything that it started after a while, without any warning. */
  async upKilledAfter(milliseconds: number, env: Readonly<Record<string, string>>): Promise<void> {
    const up = this.#start(["up", "--yes", "--skip-preview", "--stack", this.name, "--non-interactive"], env);
    const timer = setTimeout(() => killAll(up.process), milliseconds);
    await up.output;
    clearTimeout(timer);
  }

  /** Takes away the lock of a run that was killed, as Pulumi asks its user to do. */
  async unlock(): Promise<void> {
    await this.#require(["cancel", "--yes", "--stack", this.name]);
  }

  /** Keeps a secret in the stack's settings. */
  async setSecret(key: string, value: string): Promise<void> {
    await this.#require(["config", "set", "--secret", "--stack", this.name, key, value]);
  }

  /** Sets keys of the stack's settings, each a path such as `algoTrading.development`. */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(settings).flatMap(([path, value]) => ["--plaintext", `${path}=${value}`]);
    await this.#require(["config", "set-all", "--stack", this.name, "--path", ...pairs]);
  }

  /** An output of the stack. */
  async output(name: string): Promise<unknown> {
    const { stdout } = await this.#require(["stack", "output", name, "--json", "--stack", this.name]);
    return JSON.parse(stdout);
  }

  /** The state with its secrets in clear, as JSON. */
  async exported(): Promise<string> {
    return (await this.#require(["stack", "export", "--show-secrets", "--stack", this.name])).stdout;
  }

  /** The state as it lies on disk. */
  stateFile(): string {
    const stacks = join(this.#folder, ".pulumi/stacks");
    const [project = ""] = readdirSync(stacks);
    return readFileSync(join(stacks, project, `${this.name}.json`), "utf8");
  }

  /** An output of the resource of that name, in clear even if it is secret. */
  async outputOf(resource: string, output: string): Promise<unknown> {
    const { deployment } = JSON.parse(await this.exported()) as { deployment: { resources: readonly StateResource[] } };
    const found = deployment.resources.find(({ urn }) => urn.endsWith(`::${resource}`))?.outputs?.[output];
    return typeof found === "object" && found !== null && "plaintext" in found
      ? JSON.parse(String(found.plaintext))
      : found;
  }

  /** Ends what runs and forgets the stack; what it deployed is not touched. */
  remove(): void {
    for (const running of this.#running) killAll(running);
    rmSync(this.#folder, { recursive: true, force: true });
    rmSync(join(stackSettings, `Pulumi.${this.name}.yaml`), { force: true });
  }

  async #run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
    const log = join(mkdtempSync(join(this.#folder, "events-")), "log");
    const started = performance.now();
    const common = ["--stack", this.name, "--non-interactive", "--suppress-progress", "--color", "never"];
    const { exitCode, stdout, stderr } = await this.#start([command, ...args, ...common, "--event-log", log], env)
      .output;
    const seconds = (performance.now() - started) / 1000;
    return { code: exitCode ?? -1, output: stdout + stderr, seconds, ...readEvents(log) };
  }

  #start(args: readonly string[], env: Readonly<Record<string, string>>): Started {
    const process = x("pulumi", [...args], {
      throwOnError: false,
      nodeOptions: { cwd: this.#program, env: { ...this.#env, ...env } },
    });
    this.#running.add(process);
    // the streams can be read only once, and so `process` be awaited only once
    const output = Promise.resolve(process).finally(() => this.#running.delete(process));
    return { process, output };
  }

  async #require(args: readonly string[]): Promise<Output> {
    const output = await this.#start(args, {}).output;
    if (output.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}: ${output.stderr}`);
    return output;
  }
}

interface Started {
  readonly process: Result;
  readonly output: Promise<Output>;
}

/** Ends a process and all that it has started: the providers have process groups of their own. */
function killAll({ pid }: Result): void {
  if (pid === undefined) return;
  for (const id of [pid, ...descendants(pid)]) {
    try {
      process.kill(id, "SIGKILL");
    } catch (error) {
      // it has ended by itself in the meantime
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

/** Processes that a process and its children have started, in the order in which they were. */
function descendants(pid: number): readonly number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found)
    found.push(...pairs.flatMap(([id, ppid]) => (id !== undefined && ppid === parent ? [id] : [])));
  return found.slice(1);
}

interface StateResource {
  readonly urn: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface EngineEvent {
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
  readonly resourcePreEvent?: {
    readonly metadata: { readonly op: string; readonly type: string; readonly urn: string };
  };
}

function readEvents(path: string): Pick<Run, "changes" | "steps"> {
  const events = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
  return {
    changes: events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {},
    steps: events.flatMap(({ resourcePreEvent: event }) =>
      event === undefined || event.metadata.op === "same"
        ? []
        : [{ op: event.metadata.op, type: event.metadata.type, name: event.metadata.urn.split("::").at(-1) ?? "" }],
    ),
  };
}
