import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../images/command";
import type { OwnClone } from "./own-clone";

/** A process by its number and start, because numbers are used again. */
function processesOf({ id }: OwnClone): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const groups = readFileSync(`/proc/${pid}/cgroup`, "utf8");
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (!groups.includes(`/${id}`) && !command.split("\0").includes(id)) return [];
        return [
          `${pid} since ${
            readFileSync(`/proc/${pid}/stat`, "utf8")
              .replace(/^.*\) /, "")
              .split(" ")[19]
          }`,
        ];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

const kinds = ["mnt", "net", "pid"] as const;

/** Namespaces of a process that are not this one's, by name; none when it has ended. */
function namespacesOf(pid: string): readonly string[] {
  try {
    return kinds
      .map((kind) => [readlinkSync(`/proc/${pid}/ns/${kind}`), readlinkSync(`/proc/self/ns/${kind}`)] as const)
      .flatMap(([name, own]) => (name === own ? [] : [name]));
  } catch {
    return [];
  }
}

/** Processes in any of these namespaces. */
export const processesIn = (namespaces: readonly string[]): readonly string[] =>
  readdirSync("/proc").filter(
    (pid) => /^\d+$/.test(pid) && namespacesOf(pid).some((name) => namespaces.includes(name)),
  );

/**
 * Everything on the machine that bears a mark of this clone's node, by kind. Other clusters may come and go meanwhile, so
 * that the whole lists say nothing.
 */
export async function marksOf(clone: OwnClone) {
  const { id, dir } = clone;
  const link = id.replace("twofold", "tf");
  const subnet = existsSync(join(clone.state, "run/address")) ? clone.address.replace(/2$/, "") : undefined;
  const marked = (text: string): readonly string[] =>
    text
      .split("\n")
      .filter((line) => line.includes(link) || line.includes(dir) || (subnet !== undefined && line.includes(subnet)));
  const processes = processesOf(clone);
  const groups = ["/sys/fs/cgroup", ...readdirSync("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name))];
  return {
    processes,
    namespaces: [...new Set(processes.flatMap((entry) => namespacesOf(entry.split(" ")[0] ?? "")))],
    mounts: marked(readFileSync("/proc/self/mounts", "utf8")),
    links: marked(await run("ip", ["-o", "link", "show"])),
    addresses: marked(await run("ip", ["-o", "address", "show"])),
    routes: marked(await run("ip", ["route", "show", "table", "all"])),
    rules: marked(await run("iptables-save", [])),
    sockets: marked(await run("ss", ["-lntuxp"])),
    groups: groups.map((group) => join(group, id)).filter((path) => existsSync(path)),
    files: existsSync(clone.state) ? [clone.state] : [],
  };
}
