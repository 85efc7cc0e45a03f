import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../images/command";
import { atExit } from "../harness/exit";

/** What scripts/cluster.sh reads of a clone. */
const parts = ["Makefile", "Pulumi.yaml", "Pulumi.prod.yaml", "scripts", "cluster", "toolchain"];

/** A clone with a cluster of its own, beside those of other clones; what it builds comes from the usual cache. */
export class OwnClone {
  readonly dir = mkdtempSync(join(tmpdir(), "twofold-cluster-"));
  /** Names the node's control group, and with its last part the machine's end of the link to it. */
  readonly id = `twofold-${createHash("sha256").update(this.dir).digest("hex").slice(0, 8)}`;
  readonly state = join(this.dir, ".twofold/cluster");
  readonly #script = join(this.dir, "scripts/cluster.sh");
  readonly #callOff = atExit(() => {
    spawnSync(this.#script, ["down"], { env: this.#env, stdio: "ignore" });
    this.remove();
  });

  constructor() {
    for (const part of parts) cpSync(part, join(this.dir, part), { recursive: true });
  }

  /** Starts `make cluster`, and does not wait for it. */
  starting(): ChildProcess {
    return spawn(this.#script, ["up"], { env: this.#env, stdio: "ignore" });
  }

  /** `make cluster`, or a function of the scripts; gives what it says on both outputs. */
  script(line: string): Promise<string> {
    return run("bash", ["-c", `{ ${line}; } 2>&1`], { cwd: this.dir, env: this.#env });
  }
  up = (): Promise<string> => this.script("scripts/cluster.sh up");
  down = (): Promise<string> => this.script("scripts/cluster.sh down");

  /** The node's process 1, as the machine knows it. */
  get pid(): number {
    return Number(readFileSync(join(this.state, "run/pid"), "utf8"));
  }
  /** The node's address; the machine's end of the link has the one before it. */
  get address(): string {
    return readFileSync(join(this.state, "run/address"), "utf8").trim();
  }

  kubectl(args: readonly string[], input = ""): Promise<string> {
    const options = ["--kubeconfig", join(this.state, "kubeconfig")];
    return run(join(this.state, "bin/kubectl"), [...options, ...args], { input });
  }

  remove(): void {
    this.#callOff();
    rmSync(this.dir, { recursive: true });
  }

  get #env() {
    return { ...process.env, STACK: "prod" } as Record<string, string>;
  }
}
