import { canonical, compare, sortBy } from "./canonical";
import { checkSecrets } from "./checks";
import { type ClosingView, connectionsByService, type Description } from "./description";
import { suggest } from "./errors";
import { parse } from "./issues";
import type { ConnectionPlan, ScrapePlan } from "./plan-types";
import type { Problems } from "./problems";
import { checkFiles } from "./service-checks";
import type { Service } from "./spec";
import { contributionsSchema, type ParsedContribution } from "./statements";

/** What closing hooks see of the services that are going to be deployed. */
export function closingView(description: Description, selected: ReadonlySet<string>): ClosingView {
  const services = [...description.services].filter(([name]) => selected.has(name)).sort(([a], [b]) => compare(a, b));
  return canonical({
    system: description.name,
    services: services.map(([name]) => name),
    resources: Object.fromEntries(services.map(([name, { resources }]) => [name, resources])),
    scrapes: services.flatMap(([name, service]) => scrapeOf(name, service)),
    alerts: services.flatMap(([service, { alerts }]) =>
      sortBy(alerts, ({ name }) => name).map((alert) => ({ ...alert, service })),
    ),
    dashboards: sortBy(
      description.dashboards.filter(({ service }) => selected.has(service)).map(({ service: _, ...rest }) => rest),
      ({ uid }) => uid,
    ),
  });
}

function scrapeOf(service: string, { metrics, ports }: Service): readonly ScrapePlan[] {
  const port = metrics === undefined ? undefined : ports[metrics.port]?.number;
  return metrics === undefined || port === undefined ? [] : [{ ...metrics, service, port }];
}

/**
 * The description with what its closing hooks contribute: files of services, and connections without a wait. Adds a
 * problem for a contribution that does not fit.
 */
export function withContributions(description: Description, view: ClosingView, problems: Problems): Description {
  const contributions = description.hooks.flatMap(
    (hook) => parse(contributionsSchema, hook(view), "onClose", problems) ?? [],
  );
  const services = new Map(description.services);
  const connections = [...description.connections];
  for (const { service: name, files, connections: opened } of contributions) {
    const service = services.get(name);
    if (service === undefined) {
      addUnknown("onClose", name, services, problems);
      continue;
    }
    services.set(name, { ...service, files: [...service.files, ...files] });
    for (const target of opened) {
      const connection = connectionTo(name, target, services, problems);
      if (connection !== undefined) connections.push({ ...connection, env: {}, wait: "none" });
    }
  }
  const whole = { ...description, services, connections };
  const outgoing = connectionsByService(whole);
  for (const name of new Set(contributions.map((contribution) => contribution.service))) {
    const service = services.get(name);
    if (service === undefined) continue;
    checkFiles(service, `services.${name}`, problems);
    checkSecrets(name, service, outgoing.get(name) ?? [], whole, problems);
  }
  return whole;
}

function connectionTo(
  from: string,
  { to, port }: ParsedContribution["connections"][number],
  services: ReadonlyMap<string, Service>,
  problems: Problems,
): ConnectionPlan | undefined {
  const provider = services.get(to);
  const path = `onClose.${from}.connections.${to}`;
  if (provider === undefined) {
    addUnknown(path, to, services, problems);
    return undefined;
  }
  const ports = Object.values(provider.ports);
  const found = ports.find(({ number }) => number === port);
  if (found !== undefined) return { from, to, port, protocol: found.protocol };
  problems.add(
    path,
    `names the port ${port}`,
    suggest(
      String(port),
      ports.map(({ number }) => String(number)),
    ),
  );
  return undefined;
}

function addUnknown(path: string, name: string, services: ReadonlyMap<string, Service>, problems: Problems): void {
  problems.add(path, `names ${JSON.stringify(name)}, which is no service`, suggest(name, [...services.keys()]));
}
