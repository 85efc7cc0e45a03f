import { canonical, compare, sortBy } from "./canonical";
import { checkSecrets } from "./checks";
import { type ClosingView, connectionsByService, type DashboardMaker, type Description } from "./description";
import { suggest } from "./errors";
import { parse } from "./issues";
import type { MonitoringMode } from "./own-monitoring";
import type { ConnectionPlan, DashboardPlan, ScrapePlan } from "./plan-types";
import type { Problems } from "./problems";
import { checkFiles } from "./service-checks";
import type { Service } from "./spec";
import { contributionsSchema, dashboardSchema, type ParsedContribution } from "./statements";

/** What closing hooks see of the services that are going to be deployed. Adds a problem for a dashboard that does not fit. */
export function closingView(
  description: Description,
  selected: ReadonlySet<string>,
  monitoring: MonitoringMode,
  problems: Problems,
): ClosingView {
  const services = [...description.services].filter(([name]) => selected.has(name)).sort(([a], [b]) => compare(a, b));
  const whole = {
    system: description.name,
    monitoring,
    services: services.map(([name]) => name),
    resources: Object.fromEntries(services.map(([name, { resources }]) => [name, resources])),
    scrapes: services.flatMap(([name, service]) => scrapeOf(name, service)),
  };
  const stated = description.dashboards
    .filter(({ service }) => selected.has(service))
    .map(({ service: _, ...dashboard }) => dashboard);
  return canonical({
    ...whole,
    alerts: services.flatMap(([service, { alerts }]) =>
      sortBy(alerts, ({ name }) => name).map((alert) => ({ ...alert, service })),
    ),
    dashboards: sortBy([...stated, ...made(description, whole, stated, problems)], ({ uid }) => uid),
  });
}

function made(
  { name, dashboardMakers }: Description,
  view: Parameters<DashboardMaker>[0],
  stated: readonly DashboardPlan[],
  problems: Problems,
): readonly DashboardPlan[] {
  return dashboardMakers.flatMap((make) => {
    const dashboard = parse(dashboardSchema(name), make(view), "dashboard", problems);
    if (dashboard === undefined) return [];
    if (stated.some(({ uid }) => uid === dashboard.uid))
      problems.add("dashboard.uid", `is ${dashboard.uid}, as one of a service`, "give each dashboard a uid of its own");
    return [dashboard];
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
