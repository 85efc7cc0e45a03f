import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../images/command";
import type { OwnClone } from "./own-clone";

interface Process {
  /** Its number and its start, because numbers are used again. */
  readonly name: string;
  readonly namespaces: readonly string[];
}

const startOf = (pid: string): string | undefined =>
  readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ")[19];

/** Namespaces of a process that are not this one's. */
const namespacesOf = (pid: string): readonly string[] =>
  ["mnt", "net", "pid"].flatMap((kind) => {
    const name = readlinkSync(`/proc/${pid}/ns/${kind}`);
    return name === readlinkSync(`/proc/self/ns/${kind}`) ? [] : [name];
  });

/** What `look` gives of every process; one that ends meanwhile, whose number may be somebody else's, is left out. */
function lookAtProcesses<Seen>(look: (pid: string) => Seen): readonly Seen[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const start = startOf(pid);
        const seen = look(pid);
        return start === startOf(pid) ? [seen] : [];
      } catch {
        return [];
      }
    });
}

function processesOf({ id }: OwnClone): readonly Process[] {
  const all = lookAtProcesses((pid) => ({
    ours:
      readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(`/${id}`) ||
      readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(id),
    name: `${pid} since ${startOf(pid)}`,
    namespaces: namespacesOf(pid),
  }));
  return all.filter(({ ours }) => ours);
}

/** Processes in any of these namespaces. */
export const processesIn = (namespaces: readonly string[]): readonly string[] =>
  lookAtProcesses((pid) => ({ pid, within: namespacesOf(pid).some((name) => namespaces.includes(name)) }))
    .filter(({ within }) => within)
    .map(({ pid }) => pid);

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
    processes: processes.map(({ name }) => name),
    namespaces: [...new Set(processes.flatMap(({ namespaces }) => namespaces))],
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
