import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ServicePlan } from "../../../components/core/plan-types";
import { run } from "../../../images/command";

const docker = (...args: readonly string[]): Promise<string> => run("docker", args);

interface Planned {
  readonly reference: string;
  /** What a file holds that is not in the plan, because it is a secret. */
  readonly secret: (path: string) => string;
  /** Further arguments of `docker create`. */
  readonly options?: readonly string[];
}

/** A container that runs a service as it is planned, with its files, and no target around it. */
export class PlannedContainer {
  readonly id: string;
  readonly #folder: string;

  private constructor(id: string, folder: string) {
    this.id = id;
    this.#folder = folder;
  }

  /** Creates it and starts it. */
  static async start(service: ServicePlan, { reference, secret, options = [] }: Planned): Promise<PlannedContainer> {
    const folder = mkdtempSync(join(tmpdir(), "twofold-planned-"));
    const { user, group } = service.security;
    for (const { path, content, mode } of service.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), typeof content === "string" ? content : secret(path), { mode });
      chownSync(join(folder, path), user, group);
    }
    const [entrypoint = "", ...args] = service.command ?? [];
    const id = await docker(
      ...["create", "--read-only", "--cap-drop", "ALL", "--user", `${user}:${group}`, "--entrypoint", entrypoint],
      ...Object.entries(service.env).flatMap(([key, value]) => ["--env", `${key}=${String(value)}`]),
      ...Object.values(service.scratch).flatMap(({ path }) => ["--tmpfs", `${path}:mode=1777`]),
      ...service.files.flatMap(({ path }) => ["--volume", `${join(folder, path)}:${path}:ro`]),
      ...options,
      ...[reference, ...args],
    );
    const started = new PlannedContainer(id.trim(), folder);
    await docker("start", started.id);
    return started;
  }

  inside(...command: readonly string[]): Promise<string> {
    return docker("exec", this.id, ...command);
  }

  log(): Promise<string> {
    return run("sh", ["-c", 'docker logs "$1" 2>&1', "sh", this.id]);
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.id);
    rmSync(this.#folder, { recursive: true });
  }
}
