import type { Description } from "./description";
import { suggest } from "./errors";
import type { Problems } from "./problems";
import { type Probe, type Service, serviceSchema } from "./spec";
import { secretsIn, type Value } from "./value";

/** Checks what no single field can tell: references between fields, services and statements. */
export function checkDescription(description: Description, problems: Problems): void {
  if (description.services.size === 0 && description.problems.length === 0)
    problems.add("services", "are none", "declare at least one with service(…)");
  for (const [name, service] of description.services) {
    for (const check of serviceChecks) check(service, `services.${name}`, problems);
    checkSecrets(name, service, description, problems);
  }
  checkConnections(description, problems);
  checkUnique(description, problems);
}

type ServiceCheck = (service: Service, path: string, problems: Problems) => void;

const serviceChecks: readonly ServiceCheck[] = [
  checkPortReferences,
  checkPaths,
  checkScale,
  checkResources,
  checkKind,
  checkSecurity,
];

function checkPortReferences(service: Service, path: string, problems: Problems): void {
  const ports = Object.keys(service.ports);
  const known = (port: string, where: string): void => {
    if (!ports.includes(port))
      problems.add(`${path}.${where}`, `names the port ${JSON.stringify(port)}`, suggest(port, ports));
  };
  if (service.metrics !== undefined) known(service.metrics.port, "metrics.port");
  for (const [name, endpoint] of Object.entries(service.provides)) known(endpoint.port, `provides.${name}.port`);
  for (const name of ["startup", "ready", "live"] as const) {
    const port = portOf(service.probes[name]);
    if (port !== undefined) known(port, `probes.${name}`);
  }
  for (const [name, port] of Object.entries(service.ports)) {
    if (port.hostNumber !== undefined && port.exposure === "internal")
      problems.add(
        `${path}.ports.${name}.hostNumber`,
        "is set on an internal port",
        "set exposure to loopback, or leave it out",
      );
  }
}

function portOf(probe: Probe | undefined): string | undefined {
  if (probe === undefined || "exec" in probe) return undefined;
  return "http" in probe ? probe.http.port : probe.tcp.port;
}

function checkPaths(service: Service, path: string, problems: Problems): void {
  const mounts = [
    ...Object.entries(service.volumes).map(([name, { path: at }]) => ({ at, where: `volumes.${name}` })),
    ...Object.entries(service.scratch).map(([name, { path: at }]) => ({ at, where: `scratch.${name}` })),
    ...service.hostMounts.map(({ path: at }, index) => ({ at, where: `hostMounts.${index}` })),
  ];
  for (const [index, { at, where }] of mounts.entries()) {
    const other = mounts.slice(0, index).find((mount) => mount.at === at);
    if (other !== undefined)
      problems.add(`${path}.${where}.path`, `is ${at}, as ${other.where}`, "give each a path of its own");
  }
  for (const [index, file] of service.files.entries()) {
    const where = `${path}.files.${index}.path`;
    const cover = mounts.find(({ at }) => file.path === at || file.path.startsWith(`${at}/`));
    if (service.files.findIndex((other) => other.path === file.path) < index)
      problems.add(where, `is ${file.path}, as another file's`, "give each file a path of its own");
    else if (cover !== undefined)
      problems.add(where, `is ${file.path}, hidden by ${cover.where}`, "put it into another folder");
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
  if (autoscale !== undefined && service.kind !== "service")
    problems.add(`${path}.autoscale`, `is set for the kind ${service.kind}`, "only services scale by themselves");
  if (replicas > 1 && service.kind === "service" && Object.keys(service.volumes).length > 0)
    problems.add(
      `${path}.replicas`,
      `is ${replicas}, and they would share a volume`,
      "use the kind stateful: a volume for each",
    );
  for (const [name, port] of Object.entries(service.ports)) {
    if (port.exposure !== "internal" && replicas > 1)
      problems.add(
        `${path}.ports.${name}.exposure`,
        `is ${port.exposure} with ${replicas} replicas, which cannot share a host port`,
        "put a load balancer before them",
      );
  }
}

function checkResources(service: Service, path: string, problems: Problems): void {
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

const secure = serviceSchema.shape.security.parse({});

function checkSecurity({ security }: Service, path: string, problems: Problems): void {
  if (security.because !== undefined) return;
  const looser = [
    ...(security.user === 0 ? ["user is 0"] : []),
    ...(security.readOnlyRoot ? [] : ["readOnlyRoot is false"]),
    ...(security.noNewPrivileges ? [] : ["noNewPrivileges is false"]),
    ...(security.addCapabilities.length > 0 ? [`addCapabilities is ${security.addCapabilities.join(", ")}`] : []),
    ...(security.appArmor === secure.appArmor || security.appArmor !== "unconfined" ? [] : ["appArmor is unconfined"]),
  ];
  if (looser.length > 0)
    problems.add(`${path}.security`, `is looser than the default: ${looser.join("; ")}`, "say why in security.because");
}

function checkSecrets(name: string, service: Service, description: Description, problems: Problems): void {
  const outgoing = description.connections.filter(({ from }) => from === name);
  const values: [string, Value][] = [
    ...Object.entries(service.env).map(([key, value]): [string, Value] => [`env.${key}`, value]),
    ...outgoing.flatMap(({ env, to }) =>
      Object.entries(env).map(([key, value]): [string, Value] => [`connectsTo.${to}.env.${key}`, value]),
    ),
    ...service.files.map(({ path, content }): [string, Value] => [`files.${path}`, content]),
  ];
  for (const [where, value] of values) {
    for (const { id } of secretsIn(value)) {
      if (!description.secrets.has(id))
        problems.add(
          `services.${name}.${where}`,
          `needs the secret ${id}, which is not declared`,
          "declare it with secret(…) of this system",
        );
    }
  }
}

function checkConnections(description: Description, problems: Problems): void {
  for (const { from, to } of description.connections) {
    if (from === to) problems.add(`services.${from}.connectsTo.${to}`, "connects a service to itself", "leave it out");
  }
  for (const [name, service] of description.services) {
    const setBy = new Map(Object.keys(service.env).map((key) => [key, "env"]));
    for (const { to, env } of description.connections.filter(({ from }) => from === name)) {
      for (const key of Object.keys(env)) {
        const other = setBy.get(key);
        if (other !== undefined)
          problems.add(
            `services.${name}.connectsTo.${to}.env.${key}`,
            `is set by ${other} already`,
            "give the variable another name",
          );
        setBy.set(key, `connectsTo.${to}`);
      }
    }
  }
}

function checkUnique(description: Description, problems: Problems): void {
  const hostPorts = new Map<string, string>();
  const alerts = new Map<string, string>();
  for (const [name, service] of description.services) {
    for (const [portName, port] of Object.entries(service.ports)) {
      if (port.exposure === "internal") continue;
      const where = `services.${name}.ports.${portName}`;
      const key = `${port.hostNumber ?? port.number}/${port.protocol}`;
      const other = hostPorts.get(key);
      if (other !== undefined)
        problems.add(
          `${where}.hostNumber`,
          `is ${key} on the host, as ${other}`,
          "choose another hostNumber for one of them",
        );
      hostPorts.set(key, where);
    }
    for (const alert of service.alerts) {
      const other = alerts.get(alert.name);
      if (other !== undefined)
        problems.add(
          `services.${name}.alerts.${alert.name}`,
          `is stated by ${other}, too`,
          "give each alert a name of its own",
        );
      alerts.set(alert.name, name);
    }
  }
}
