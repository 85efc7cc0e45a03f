import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What every Debian has, and no more: enough for the scripts, nothing that they set up. */
const basics =
  "awk base64 basename bash cat chmod cmp cp cut date df dirname env find flock grep head id ln mkdir mktemp mv readlink rm sed setsid sha256sum sleep sort tail timeout touch tr uname";

const locks = ["package-lock.json", "workloads/package-lock.json"];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A clone of the repository's scripts on a machine that has only what a test gives it: its own home, cache and PATH. */
export class BareMachine {
  readonly #dir = mkdtempSync(join(tmpdir(), "twofold-machine-"));
  readonly clone = join(this.#dir, "clone");
  readonly home = join(this.#dir, "home");
  readonly cache = join(this.#dir, "cache");
  readonly path = join(this.#dir, "bin");

  constructor() {
    for (const dir of [this.clone, this.home, this.path]) mkdirSync(dir);
    for (const path of ["Makefile", "Pulumi.yaml", "Pulumi.dev.yaml", ...locks, "scripts", "toolchain"])
      cpSync(path, join(this.clone, path), { recursive: true });
    for (const name of basics.split(" ")) symlinkSync(installed(name), join(this.path, name));
  }

  /** Puts a program on PATH: a shell script with this body. */
  gives(name: string, body: string): void {
    writeFileSync(join(this.path, name), `#!${join(this.path, "bash")}\n${body}\n`, { mode: 0o755 });
  }

  /** Gives Node.js of this version: the one that runs the tests, under another name. */
  givesNode(version: string): void {
    this.gives("node", `[[ $1 == --version ]] && { echo v${version}; exit; }\nexec '${process.execPath}' "$@"`);
    this.gives("npm", "echo 11.0.0");
  }

  /** Gives npm packages just as package-lock.json has them. */
  givesPackages(): void {
    for (const lock of locks)
      cpSync(join(this.clone, lock), join(this.clone, lock, "../node_modules/.package-lock.json"));
  }

  /** Gives a Docker client that reaches an engine. */
  givesDocker(): void {
    this.gives("docker", "[[ $1 == context ]] && echo unix:///var/run/docker.sock || echo 20.10.24");
  }

  /** Gives Pulumi of this version, with its language host; `body` is what it does when asked for anything else. */
  givesPulumi(version: string, body = ":"): void {
    this.gives("pulumi", `[[ $1 == version ]] && { echo v${version}; exit; }\n${body}`);
    this.gives("pulumi-language-nodejs", ":");
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.#dir, path, ".."), { recursive: true });
    writeFileSync(join(this.#dir, path), text);
  }

  has(path: string): boolean {
    return existsSync(join(this.#dir, path));
  }

  /** Runs a command line in the clone. */
  run(command: string, env: Readonly<Record<string, string>> = {}): Ended {
    const ended = spawnSync(join(this.path, "bash"), ["-c", command], {
      cwd: this.clone,
      encoding: "utf8",
      env: { HOME: this.home, PATH: this.path, TWOFOLD_CACHE: this.cache, ...env },
    });
    return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

function installed(name: string): string {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((dir) => join(dir, name));
  const path = [...paths, `/usr/sbin/${name}`, `/sbin/${name}`].find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (path === undefined) throw new Error(`the tests of the set-up need ${name}`);
  return path;
}
