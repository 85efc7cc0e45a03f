import { suggest } from "./errors";
import type { Problems } from "./problems";
import type { Probe, Service } from "./spec";

/** Checks what no single field of a service can tell: references between its fields, and values that exclude each other. */
export function checkService(service: Service, path: string, problems: Problems): void {
  checkPorts(service, path, problems);
  checkPortReferences(service, path, problems);
  checkMounts(service, path, problems);
  checkFiles(service, path, problems);
  checkScale(service, path, problems);
  checkLimits(service, path, problems);
  checkKind(service, path, problems);
  checkSecurity(service, path, problems);
}

function checkPorts({ ports }: Service, path: string, problems: Problems): void {
  const seen = new Map<string, string>();
  for (const [name, { number, protocol, exposure, hostNumber }] of Object.entries(ports)) {
    const key = `${number}/${protocol}`;
    const other = seen.get(key);
    if (other !== undefined)
      problems.add(`${path}.ports.${name}.number`, `is ${key}, as ports.${other}`, "name each port once");
    seen.set(key, name);
    if (hostNumber !== undefined && exposure === "internal")
      problems.add(
        `${path}.ports.${name}.hostNumber`,
        "is set on an internal port",
        "set exposure to loopback, or leave it out",
      );
  }
}

function checkPortReferences(service: Service, path: string, problems: Problems): void {
  const ports = Object.keys(service.ports);
  const check = (port: string, where: string, tcpOnly: boolean): void => {
    if (!ports.includes(port))
      problems.add(`${path}.${where}`, `names the port ${JSON.stringify(port)}`, suggest(port, ports));
    else if (tcpOnly && service.ports[port]?.protocol === "udp")
      problems.add(`${path}.${where}`, `names the udp port ${JSON.stringify(port)}`, "name a tcp port");
  };
  if (service.metrics !== undefined) check(service.metrics.port, "metrics.port", true);
  for (const [name, endpoint] of Object.entries(service.provides)) check(endpoint.port, `provides.${name}.port`, false);
  for (const name of ["startup", "ready", "live"] as const) {
    const port = portOf(service.probes[name]);
    if (port !== undefined) check(port, `probes.${name}`, true);
  }
}

function portOf(probe: Probe | undefined): string | undefined {
  if (probe === undefined || "exec" in probe) return undefined;
  return "http" in probe ? probe.http.port : probe.tcp.port;
}

interface Mount {
  readonly at: string;
  readonly where: string;
}

function mountsOf(service: Service): readonly Mount[] {
  return [
    ...Object.entries(service.volumes).map(([name, { path: at }]) => ({ at, where: `volumes.${name}` })),
    ...Object.entries(service.scratch).map(([name, { path: at }]) => ({ at, where: `scratch.${name}` })),
    ...service.hostMounts.map(({ path: at }, index) => ({ at, where: `hostMounts.${index}` })),
  ];
}

function checkMounts(service: Service, path: string, problems: Problems): void {
  const seen = new Map<string, string>();
  for (const { at, where } of mountsOf(service)) {
    const other = seen.get(at);
    if (other !== undefined)
      problems.add(`${path}.${where}.path`, `is ${at}, as ${other}`, "give each a path of its own");
    seen.set(at, where);
  }
}

/** Checks where files lie: each in a place of its own that no mount hides. */
export function checkFiles(service: Service, path: string, problems: Problems): void {
  const mounts = mountsOf(service);
  const within = (inner: string, outer: string): boolean => inner.startsWith(`${outer}/`);
  for (const [index, file] of service.files.entries()) {
    const where = `${path}.files.${index}.path`;
    const cover = mounts.find(({ at }) => file.path === at || within(file.path, at));
    const inside = [...mounts.map(({ at }) => at), ...service.files.map((other) => other.path)].find((other) =>
      within(other, file.path),
    );
    if (service.files.findIndex((other) => other.path === file.path) < index)
      problems.add(where, `is ${file.path}, as another file's`, "give each file a path of its own");
    else if (cover !== undefined)
      problems.add(where, `is ${file.path}, hidden by ${cover.where}`, "put it into another folder");
    else if (inside !== undefined)
      problems.add(where, `is ${file.path}, and ${inside} lies in it`, "give one of them another path");
    else if (file.path.lastIndexOf("/") === 0)
      problems.add(where, `is ${file.path}, right below /`, "put it into a folder");
  }
}

function checkScale(service: Service, path: string, problems: Problems): void {
  const { replicas, singleton, autoscale } = service;
  if (singleton && replicas > 1)
    problems.add(`${path}.replicas`, `is ${replicas} for a singleton`, "use 1, or drop singleton");
  if (singleton && autoscale !== undefined)
    problems.add(`${path}.autoscale`, "is set for a singleton", "drop autoscale, or singleton");
  if (autoscale !== undefined && autoscale.min > autoscale.max)
    problems.add(`${path}.autoscale.min`, `is ${autoscale.min}, above max ${autoscale.max}`, "use at most max");
  if (autoscale !== undefined && replicas > 1)
    problems.add(`${path}.replicas`, `is ${replicas} beside autoscale`, "use autoscale.min for it");
  if (autoscale !== undefined && service.kind !== "service")
    problems.add(`${path}.autoscale`, `is set for the kind ${service.kind}`, "only services scale by themselves");
  const most = Math.max(replicas, autoscale?.max ?? 1);
  const where = replicas > 1 ? `${path}.replicas` : `${path}.autoscale.max`;
  if (most > 1 && service.kind === "service" && Object.keys(service.volumes).length > 0)
    problems.add(where, `is ${most}, and they would share a volume`, "use the kind stateful: a volume for each");
  for (const [name, port] of Object.entries(service.ports)) {
    if (port.exposure !== "internal" && most > 1)
      problems.add(
        `${path}.ports.${name}.exposure`,
        `is ${port.exposure} with ${most} replicas, which cannot share a host port`,
        "put a load balancer before them",
      );
  }
}

function checkLimits(service: Service, path: string, problems: Problems): void {
  const { cpuMillis, memoryMiB } = service.resources;
  if (memoryMiB.request > memoryMiB.limit)
    problems.add(
      `${path}.resources.memoryMiB.request`,
      `is ${memoryMiB.request}, above the limit ${memoryMiB.limit}`,
      "use at most the limit",
    );
  if (cpuMillis.limit !== undefined && cpuMillis.request > cpuMillis.limit)
    problems.add(
      `${path}.resources.cpuMillis.request`,
      `is ${cpuMillis.request}, above the limit ${cpuMillis.limit}`,
      "use at most the limit",
    );
  const { metrics } = service;
  if (metrics !== undefined && metrics.timeoutSeconds > metrics.intervalSeconds)
    problems.add(
      `${path}.metrics.timeoutSeconds`,
      `is ${metrics.timeoutSeconds}, above the interval ${metrics.intervalSeconds}`,
      "use at most the interval",
    );
  for (const [name, { soft, hard }] of Object.entries(service.kernel.ulimits)) {
    if (hard !== -1 && (soft === -1 || soft > hard))
      problems.add(
        `${path}.kernel.ulimits.${name}.soft`,
        `is ${soft === -1 ? "unlimited" : soft}, above the hard limit ${hard}`,
        "use at most the hard limit",
      );
  }
}

function checkKind(service: Service, path: string, problems: Problems): void {
  const { kind, schedule, restart } = service;
  if (kind === "cron" && schedule === undefined)
    problems.add(`${path}.schedule`, "is missing", "give five cron fields, such as 0 3 * * *");
  if (kind !== "cron" && schedule !== undefined)
    problems.add(`${path}.schedule`, `is set for the kind ${kind}`, "use the kind cron");
  if ((kind === "job" || kind === "cron") && restart?.policy === "always")
    problems.add(`${path}.restart.policy`, `is always for the kind ${kind}`, "use onFailure or never");
  if (restart?.maxAttempts !== undefined && restart.policy !== "onFailure")
    problems.add(`${path}.restart.maxAttempts`, `is set with the policy ${restart.policy}`, "use the policy onFailure");
}

function checkSecurity({ security }: Service, path: string, problems: Problems): void {
  if (security.because !== undefined) return;
  const looser = [
    ...(security.user === 0 ? ["user is 0"] : []),
    ...(security.group === 0 || security.supplementalGroups.includes(0) ? ["a group is 0"] : []),
    ...(security.readOnlyRoot ? [] : ["readOnlyRoot is false"]),
    ...(security.noNewPrivileges ? [] : ["noNewPrivileges is false"]),
    ...(security.addCapabilities.length > 0 ? [`addCapabilities is ${security.addCapabilities.join(", ")}`] : []),
    ...(security.appArmor === "unconfined" ? ["appArmor is unconfined"] : []),
  ];
  if (looser.length > 0)
    problems.add(`${path}.security`, `is looser than the default: ${looser.join("; ")}`, "say why in security.because");
}
