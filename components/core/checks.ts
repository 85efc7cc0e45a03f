import { connectionsByService, type DeclaredConnection, type Description } from "./description";
import { podsOwner } from "./pods-name";
import type { Problems } from "./problems";
import { checkService } from "./service-checks";
import type { Service } from "./spec";
import { secretsIn, type Value } from "./value";

/** Checks what no single statement can tell: each service as a whole, and services against each other. */
export function checkDescription(description: Description, problems: Problems): void {
  if (description.services.size === 0 && description.problems.length === 0)
    problems.add("services", "are none", "declare at least one with service(…)");
  const outgoing = connectionsByService(description);
  for (const [name, service] of description.services) {
    const connections = outgoing.get(name) ?? [];
    checkService(service, `services.${name}`, problems);
    checkSecrets(name, service, connections, description, problems);
    checkVariables(name, service, connections, problems);
    const owner = podsOwner(name);
    if (owner !== undefined && description.services.has(owner))
      problems.add(`services.${name}`, `has the name of the pods of ${owner}`, "give the service another name");
  }
  checkAliases(description, problems);
  checkConnections(description, problems);
  checkUnique(description, problems);
}

/** Checks that every secret that a service is given is declared. */
export function checkSecrets(
  name: string,
  service: Service,
  outgoing: readonly DeclaredConnection[],
  { secrets }: Description,
  problems: Problems,
): void {
  const values: [string, Value][] = [
    ...Object.entries(service.env).map(([key, value]): [string, Value] => [`env.${key}`, value]),
    ...outgoing.flatMap(({ env, to }) =>
      Object.entries(env).map(([key, value]): [string, Value] => [`connectsTo.${to}.env.${key}`, value]),
    ),
    ...service.files.map(({ path, content }): [string, Value] => [`files.${path}`, content]),
  ];
  for (const [where, value] of values) {
    for (const { id } of secretsIn(value)) {
      if (!secrets.has(id))
        problems.add(
          `services.${name}.${where}`,
          `needs the secret ${id}, which is not declared`,
          "declare it with secret(…) of this system",
        );
    }
  }
}

/** A name leads to one service. */
function checkAliases({ services }: Description, problems: Problems): void {
  const taken = new Map([...services.keys()].map((name) => [name, name]));
  for (const [name, { aliases, ports }] of services) {
    if (aliases.length > 0 && Object.keys(ports).length === 0)
      problems.add(`services.${name}.aliases`, "are names of a service without ports", "add a port, or leave them out");
    for (const alias of aliases) {
      const other = takenBy(taken, alias, name) ?? podsOwner(alias);
      if (other !== undefined && services.has(other))
        problems.add(`services.${name}.aliases`, `has ${alias}, a name of ${other} already`, "choose another name");
    }
  }
}

function checkConnections(description: Description, problems: Problems): void {
  for (const { from, to, wait } of description.connections) {
    const path = `services.${from}.connectsTo.${to}`;
    const provider = description.services.get(to);
    if (from === to) problems.add(path, "connects a service to itself", "leave it out");
    else if (provider !== undefined) checkWait(wait, provider, path, problems);
  }
  for (const { from, host } of description.externals) {
    if (description.services.has(host))
      problems.add(`services.${from}.reaches.${host}`, "is a service of this system", "state it with connectsTo");
  }
}

function checkWait(wait: string, { kind, probes }: Service, path: string, problems: Problems): void {
  const probed = (probes.startup ?? probes.ready ?? probes.live) !== undefined;
  if (wait === "healthy" && !probed)
    problems.add(`${path}.wait`, "is healthy, which nothing checks", "give the service a probe, or wait for started");
  if (wait === "completed" && kind !== "job")
    problems.add(`${path}.wait`, `is completed, but the kind ${kind} never is`, "wait for healthy or started");
}

function checkVariables(
  name: string,
  service: Service,
  outgoing: readonly DeclaredConnection[],
  problems: Problems,
): void {
  const setBy = new Map(Object.keys(service.env).map((key) => [key, "env"]));
  for (const { to, env } of outgoing) {
    for (const key of Object.keys(env)) {
      const other = takenBy(setBy, key, `connectsTo.${to}`);
      if (other !== undefined)
        problems.add(
          `services.${name}.connectsTo.${to}.env.${key}`,
          `is set by ${other} already`,
          "give the variable another name",
        );
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
      const other = takenBy(hostPorts, key, where);
      if (other !== undefined)
        problems.add(
          `${where}.hostNumber`,
          `is ${key} on the host, as ${other}`,
          "choose another hostNumber for one of them",
        );
    }
    for (const alert of service.alerts) {
      const other = takenBy(alerts, alert.name, name);
      if (other !== undefined)
        problems.add(
          `services.${name}.alerts.${alert.name}`,
          `is stated by ${other}, too`,
          "give each alert a name of its own",
        );
    }
  }
  const uids = new Map<string, string>();
  for (const { service, uid } of description.dashboards) {
    const other = takenBy(uids, uid, service);
    if (other !== undefined)
      problems.add(
        `services.${service}.dashboard.uid`,
        `is ${uid}, as one of ${other}`,
        "give each dashboard a uid of its own",
      );
  }
}

/** Takes a key; gives back who has taken it before, if anybody has. */
function takenBy(taken: Map<string, string>, key: string, who: string): string | undefined {
  const other = taken.get(key);
  taken.set(key, who);
  return other;
}
