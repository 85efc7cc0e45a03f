import assert from "node:assert/strict";
import type { Instance, LiveTarget } from "./live-target";

/** What a process may do, as the kernel shows it. */
export interface ProcessView {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly effectiveCapabilities: bigint;
  readonly boundingCapabilities: bigint;
  readonly noNewPrivileges: boolean;
}

export interface FileView {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly content: string;
}

/** Looks at an instance from inside, with commands that any small image has. */
export class Inside {
  readonly #live: LiveTarget;
  readonly instance: Instance;

  constructor(live: LiveTarget, instance: Instance) {
    this.#live = live;
    this.instance = instance;
  }

  /** Runs a command and expects it to succeed. */
  async run(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(...argv);
    assert.equal(code, 0, `${this.instance.service}: ${argv.join(" ")} ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** Runs a command that may fail. */
  try(...argv: readonly string[]): ReturnType<LiveTarget["exec"]> {
    return this.#live.exec(this.instance, argv);
  }

  async process(): Promise<ProcessView> {
    const status = new Map(
      (await this.run("cat", "/proc/1/status")).split("\n").map((line) => {
        const [key = "", value = ""] = line.split(":\t");
        return [key, value.trim()] as const;
      }),
    );
    const field = (key: string): string => {
      const value = status.get(key);
      assert.ok(value !== undefined, `/proc/1/status has no ${key}`);
      return value;
    };
    const effective = (key: string): number => Number(field(key).split("\t")[1]);
    return {
      uid: effective("Uid"),
      gid: effective("Gid"),
      groups: field("Groups").split(" ").filter(Boolean).map(Number),
      effectiveCapabilities: BigInt(`0x${field("CapEff")}`),
      boundingCapabilities: BigInt(`0x${field("CapBnd")}`),
      noNewPrivileges: field("NoNewPrivs") === "1",
    };
  }

  /** The variables with which the process was started. */
  async environment(): Promise<Readonly<Record<string, string>>> {
    const entries = (await this.run("cat", "/proc/1/environ")).split("\0").filter((entry) => entry !== "");
    return Object.fromEntries(
      entries.map((entry) => {
        const end = entry.indexOf("=");
        return [entry.slice(0, end), entry.slice(end + 1)];
      }),
    );
  }

  async file(path: string): Promise<FileView> {
    const [uid, gid, mode] = (await this.run("stat", "-c", "%u %g %a", path)).trim().split(" ");
    return {
      uid: Number(uid),
      gid: Number(gid),
      mode: Number.parseInt(mode ?? "", 8),
      content: await this.run("cat", path),
    };
  }

  /** Which of some hosts a TCP connection can be opened to. All are tried at once. */
  async reached(hosts: readonly string[], port: number): Promise<readonly string[]> {
    const attempts = 'for host; do (nc -w 2 "$host" "$0" -e true 2>/dev/null && echo "$host") & done; wait';
    return (await this.run("sh", "-c", attempts, String(port), ...hosts)).split("\n").filter((host) => host !== "");
  }

  /** Whether a TCP connection can be opened. */
  async reaches(host: string, port: number): Promise<boolean> {
    return (await this.reached([host], port)).length > 0;
  }

  /** The answers to several requests, one after the other, each a line. */
  async fetch(url: string, times: number): Promise<readonly string[]> {
    const requests = 'n=0; while [ $n -lt "$1" ]; do wget -q -O - "$2" || exit; n=$((n + 1)); done';
    return (await this.run("sh", "-c", requests, "sh", String(times), url)).trim().split("\n");
  }

  /** How many of several requests, one after the other, get no answer within a second. */
  async refused(url: string, times: number): Promise<number> {
    const requests =
      'n=0; while [ $n -lt "$1" ]; do wget -q -T 1 -O /dev/null "$2" || echo refused; sleep 0.02; n=$((n + 1)); done';
    return (await this.run("sh", "-c", requests, "sh", String(times), url)).split("\n").filter(Boolean).length;
  }

  /** The first of some files that exists: control groups keep one value in different places in their two versions. */
  async firstOf(...paths: readonly string[]): Promise<string> {
    return (
      await this.run("sh", "-c", `for f in ${paths.join(" ")}; do [ -e "$f" ] && cat "$f" && exit; done; exit 1`)
    ).trim();
  }
}
