import {
  allTextsAt,
  at,
  flagAt,
  itemsAt,
  known,
  type Maybe,
  numberAt,
  type Pending,
  pending,
  recordAt,
  textAt,
  textsAt,
} from "./plain";
import type { Container, EnvVar, HostMount, PublishedPort, SeLinux, Workload } from "./workload";

const bytesOfMiB = 2 ** 20;

/**
 * A container of Docker from the inputs of `docker:Container`. `undefined` for one that can never run, and only holds
 * volumes for others: its program does not exist, and it has no network.
 */
export function workloadOfContainer(inputs: unknown, name: string): Workload | undefined {
  if (isCarrier(inputs)) return undefined;
  return {
    target: "docker",
    kind: "Container",
    name,
    lasting: ["always", "unless-stopped"].includes(String(textAt(inputs, "restart"))),
    replicas: undefined,
    labels: labelsOf(inputs),
    hostNetwork: isHost(inputs, "networkMode"),
    hostPid: isHost(inputs, "pidMode"),
    hostIpc: isHost(inputs, "ipcMode"),
    hasHostAliases: itemsAt(inputs, "hosts").length > 0,
    supplementalGroups: textsAt(inputs, "groupAdds").map(idOf).filter(isNumber),
    sysctls: Object.keys(recordAt(inputs, "sysctls")),
    hostMounts: hostMountsOf(inputs),
    published: itemsAt(inputs, "ports").flatMap(publishedPort),
    containers: [containerOf(inputs, name)],
    plain: inputs,
    spec: inputs,
  };
}

/** The labels of a container, network or volume, by name. */
export function labelsOf(inputs: unknown): unknown {
  const given = at(inputs, "labels");
  const isOpen = Array.isArray(given) && given.some((item) => item === pending || at(item, "label") === pending);
  if (given === pending || isOpen) return pending;
  return Object.fromEntries(
    itemsAt(inputs, "labels").flatMap((item) =>
      known(textAt(item, "label")).map((label): [string, unknown] => [label, at(item, "value")]),
    ),
  );
}

export function isCarrier(inputs: unknown): boolean {
  const program = allTextsAt(inputs, "entrypoints");
  return (
    at(labelsOf(inputs), "twofold.carrier") !== undefined &&
    program !== pending &&
    program.join() === "never-started" &&
    textAt(inputs, "networkMode") === "none"
  );
}

function containerOf(inputs: unknown, name: string): Container {
  const [user, group] = usersOf(textAt(inputs, "user"));
  const options = allTextsAt(inputs, "securityOpts");
  return {
    name,
    init: false,
    image: textAt(inputs, "image"),
    // no input of the provider: whoever has asked the engine adds it
    imageBytes: known(numberAt(inputs, "imageBytes"))[0],
    privileged: flagAt(inputs, "privileged"),
    noNewPrivileges:
      options === pending ? pending : options.some((option) => /^no-new-privileges([:=]true)?$/.test(option)),
    readOnlyRoot: flagAt(inputs, "readOnly"),
    nonRoot: user === pending ? pending : user !== undefined && user !== 0 && user !== "root",
    user,
    group,
    drops: capabilities(allTextsAt(inputs, "capabilities", "drops")),
    adds: textsAt(inputs, "capabilities", "adds").map(capability),
    seccomp: profileOf(options, "seccomp"),
    appArmor: profileOf(options, "apparmor"),
    seLinux: seLinuxOf(textsAt(inputs, "securityOpts")),
    env: textsAt(inputs, "envs").map(variable),
    commandLine: [...textsAt(inputs, "entrypoints"), ...textsAt(inputs, "command")],
    ports: itemsAt(inputs, "ports").flatMap((port) => known(numberAt(port, "internal"))),
    memoryLimit: positive(numberAt(inputs, "memory"), bytesOfMiB),
    cpuLimit: cpuLimitOf(inputs),
    plain: inputs,
  };
}

function isHost(inputs: unknown, key: string): Maybe<boolean> {
  const mode = textAt(inputs, key);
  return mode === pending ? pending : mode === "host";
}

/** Zero is no limit. */
function positive(value: Maybe<number> | undefined, factor: number): Maybe<number> | undefined {
  if (value === undefined || value === pending) return value;
  return value > 0 ? value * factor : undefined;
}

function cpuLimitOf(inputs: unknown): Maybe<number> | undefined {
  return positive(numberAt(inputs, "cpus"), 1) ?? positive(numberAt(inputs, "cpuQuota"), 1 / 100_000);
}

type Id = Maybe<number | string> | undefined;

/** User and group of a text such as `70:70`. */
function usersOf(text: Maybe<string> | undefined): readonly [Id, Id] {
  if (text === undefined || text === pending) return [text, text];
  const [user, group] = text.split(":");
  return [user === undefined || user === "" ? undefined : idOf(user), group === undefined ? undefined : idOf(group)];
}

const idOf = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);
const isNumber = (id: number | string): id is number => typeof id === "number";

const capability = (name: string): string => name.toUpperCase().replace(/^CAP_/, "");

function capabilities(names: Maybe<readonly string[]>): Maybe<readonly string[]> {
  return names === pending ? pending : names.map(capability);
}

/** What Docker applies when nothing is said is its own profile. */
function profileOf(options: Maybe<readonly string[]>, kind: string): "default" | "localhost" | "unconfined" | Pending {
  if (options === pending) return pending;
  const profile = options.find((option) => new RegExp(`^${kind}[:=]`).test(option))?.slice(kind.length + 1);
  if (profile === undefined) return "default";
  return profile === "unconfined" ? "unconfined" : "localhost";
}

function seLinuxOf(options: readonly string[]): SeLinux {
  const labels = options.flatMap((option) => /^label[:=](.*)$/.exec(option)?.[1] ?? []);
  const value = (key: string): string | undefined =>
    labels.find((label) => label.startsWith(`${key}:`))?.slice(key.length + 1);
  return { disabled: labels.includes("disable"), type: value("type"), user: value("user"), role: value("role") };
}

function variable(text: string): EnvVar {
  const [name = "", ...rest] = text.split("=");
  return { name, value: rest.join("="), fromSecret: false };
}

function hostMountsOf(inputs: unknown): readonly HostMount[] {
  const volumes = itemsAt(inputs, "volumes").flatMap((volume) => hostMount(volume, "hostPath", undefined));
  const mounts = itemsAt(inputs, "mounts")
    .filter((mount) => textAt(mount, "type") === "bind")
    .flatMap((mount) => hostMount(mount, "source", textAt(mount, "bindOptions", "propagation")));
  return [...volumes, ...mounts];
}

function hostMount(mount: unknown, key: string, propagation: Maybe<string> | undefined): readonly HostMount[] {
  const readOnly = flagAt(mount, "readOnly") ?? false;
  return known(textAt(mount, key)).map((source) => ({ source, readOnly, propagation: known(propagation)[0] }));
}

function publishedPort(port: unknown): readonly PublishedPort[] {
  const [protocol = "tcp"] = known(textAt(port, "protocol"));
  return known(numberAt(port, "external")).map((number) => ({ number, protocol, address: textAt(port, "ip") }));
}
