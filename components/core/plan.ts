import { canonical, sortBy } from "./canonical";
import { checkDescription } from "./checks";
import { closingView, withContributions } from "./contributions";
import { connectionsByService, type DeclaredConnection, type Description } from "./description";
import { DescriptionError, suggest } from "./errors";
import { type Dependencies, findCycles, startOrder, withDependencies } from "./graph";
import { type MonitoringMode, withoutOwnMonitoring } from "./own-monitoring";
import type { ConnectionPlan, FilePlan, ServicePlan, SystemPlan, Wait } from "./plan-types";
import { Problems } from "./problems";
import type { FileSpec, Service } from "./spec";
import { secretsIn } from "./value";

export interface PlanOptions {
  /** Services to plan; what they wait for comes along. @default - all */
  readonly only?: readonly string[];
  /** Who looks at the system. @default own */
  readonly monitoring?: MonitoringMode;
}

/** Checks a description as a whole and turns it into plain data. Throws a `DescriptionError` with every problem. */
export function planSystem(described: Description, options: PlanOptions = {}): SystemPlan {
  const problems = new Problems();
  problems.addAll(described.problems);
  const description = options.monitoring === "cluster" ? withoutOwnMonitoring(described, problems) : described;
  const dependencies = dependenciesOf(description);
  const selected = select(description, dependencies, options.only, problems);
  checkDescription(description, problems);
  refuseCycles(dependencies, problems);
  refuse(description, problems);

  const view = closingView(description, selected, options.monitoring ?? "own", problems);
  const whole = withContributions(description, view, problems);
  refuse(description, problems);

  const outgoing = connectionsByService(whole);
  const services = startOrder(dependencies)
    .filter((name) => selected.has(name))
    .flatMap((name) => {
      const service = whole.services.get(name);
      return service === undefined ? [] : [planService(name, service, outgoing.get(name) ?? [])];
    });
  const used = new Set(services.flatMap(secretIdsOf));
  return canonical({
    name: description.name,
    services,
    connections: connectionsOf(whole, selected),
    externals: unique(
      description.externals.filter((external) => selected.has(external.from)),
      ({ from, host, port }) => `${from} ${host} ${port}`,
    ),
    secrets: sortBy([...description.secrets.values()], ({ ref }) => ref.id).filter(({ ref }) => used.has(ref.id)),
    scrapes: view.scrapes,
    alerts: view.alerts,
    dashboards: view.dashboards,
    ...(options.monitoring === "cluster" ? { monitoring: options.monitoring } : {}),
  });
}

function refuse({ name }: Description, problems: Problems): void {
  if (problems.all.length > 0) throw new DescriptionError(`system ${name}`, problems.all);
}

function dependenciesOf(description: Description): Dependencies {
  const dependencies = new Map([...description.services.keys()].map((name) => [name, new Set<string>()]));
  for (const { from, to, wait } of description.connections) {
    if (wait !== "none" && from !== to) dependencies.get(from)?.add(to);
  }
  return dependencies;
}

function select(
  description: Description,
  dependencies: Dependencies,
  only: readonly string[] | undefined,
  problems: Problems,
): ReadonlySet<string> {
  const names = [...description.services.keys()];
  if (only === undefined) return new Set(names);
  if (only.length === 0) problems.add("only", "is an empty list", "name a service, or leave it out to deploy all");
  for (const name of only) {
    if (!description.services.has(name))
      problems.add("only", `names ${JSON.stringify(name)}, which is no service`, suggest(name, names));
  }
  return withDependencies(only, dependencies);
}

function refuseCycles(dependencies: Dependencies, problems: Problems): void {
  for (const cycle of findCycles(dependencies)) {
    problems.add(
      "connections",
      `wait for each other in a circle: ${cycle.join(" -> ")}`,
      'give one of them wait: "none"',
    );
  }
}

function connectionsOf({ connections }: Description, selected: ReadonlySet<string>): readonly ConnectionPlan[] {
  return unique(
    connections
      .filter(({ from, to }) => selected.has(from) && selected.has(to))
      .map(({ from, to, port, protocol }) => ({ from, to, port, protocol })),
    ({ from, to, port, protocol }) => `${from} ${to} ${port} ${protocol}`,
  );
}

/** A service is planned alike whatever else is deployed, so that `only` never changes one that runs already. */
function planService(name: string, service: Service, outgoing: readonly DeclaredConnection[]): ServicePlan {
  const job = service.kind === "job" || service.kind === "cron";
  return {
    ...service,
    name,
    restart: service.restart ?? { policy: job ? "onFailure" : "always" },
    env: Object.assign({}, service.env, ...outgoing.map(({ env }) => env)),
    files: sortBy(
      service.files.map((file) => ownedFile(file, service)),
      ({ path }) => path,
    ),
    alerts: sortBy(service.alerts, (alert) => alert.name),
    waits: waitsOf(outgoing),
  };
}

function ownedFile(file: FileSpec, { security }: Service): FilePlan {
  return { ...file, uid: file.uid ?? security.user, gid: file.gid ?? security.group };
}

/** The strictest wait for each provider. */
function waitsOf(outgoing: readonly DeclaredConnection[]): readonly Wait[] {
  const strictness: readonly Wait["until"][] = ["started", "healthy", "completed"];
  const waits = new Map<string, Wait["until"]>();
  for (const { to, wait } of outgoing) {
    if (wait === "none") continue;
    const known = waits.get(to);
    if (known === undefined || strictness.indexOf(wait) > strictness.indexOf(known)) waits.set(to, wait);
  }
  return sortBy(
    [...waits].map(([service, until]) => ({ service, until })),
    ({ service }) => service,
  );
}

function secretIdsOf({ env, files }: ServicePlan): readonly string[] {
  return [...Object.values(env), ...files.map(({ content }) => content)].flatMap(secretsIn).map(({ id }) => id);
}

function unique<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  return sortBy([...new Map(items.map((item) => [key(item), item])).values()], key);
}
