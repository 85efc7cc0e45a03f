import { checkDescription } from "./checks";
import type { ClosingView, Contribution, Description, FileInput } from "./description";
import { DescriptionError, suggest } from "./errors";
import { type Dependencies, findCycle, startOrder, withDependencies } from "./graph";
import type { ConnectionPlan, ScrapePlan, ServicePlan, SystemPlan, Wait } from "./plan-types";
import { Problems } from "./problems";
import type { FileSpec, Service } from "./spec";
import { secretsIn, type Value } from "./value";

export interface PlanOptions {
  /** Services to plan; what they wait for comes along. @default - all */
  readonly only?: readonly string[];
}

/** Checks a description as a whole and turns it into plain data. Throws a `DescriptionError` with every problem. */
export function planSystem(description: Description, options: PlanOptions = {}): SystemPlan {
  const problems = new Problems();
  const dependencies = dependenciesOf(description);
  const selected = select(description, dependencies, options.only, problems);
  checkDescription(description, problems);
  refuseCycle(dependencies, problems);
  const found = [...description.problems, ...problems.all];
  if (found.length > 0) throw new DescriptionError(`system ${description.name}`, found);

  const view = closingView(description, selected);
  const contributions = description.hooks.flatMap((hook) => hook(view)).filter((c) => selected.has(c.service));
  const connections = connectionsOf(description, selected, contributions, view);
  const services = startOrder(dependencies)
    .filter((name) => selected.has(name))
    .flatMap((name) => {
      const service = description.services.get(name);
      return service === undefined ? [] : [planService(name, service, description, selected, contributions)];
    });
  const used = new Set(services.flatMap(secretIdsOf));
  return {
    name: description.name,
    services,
    connections,
    externals: sortBy(
      description.externals.filter((external) => selected.has(external.from)),
      ({ from, host, port }) => `${from} ${host} ${port}`,
    ),
    secrets: sortBy([...description.secrets.values()], ({ ref }) => ref.id).filter(({ ref }) => used.has(ref.id)),
    scrapes: view.scrapes,
    alerts: view.alerts,
    dashboards: view.dashboards,
  };
}

function dependenciesOf(description: Description): Dependencies {
  const dependencies = new Map([...description.services.keys()].map((name) => [name, new Set<string>()]));
  for (const { from, to, wait } of description.connections) {
    if (wait !== "none") dependencies.get(from)?.add(to);
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
  for (const name of only) {
    if (!description.services.has(name))
      problems.add("only", `names ${JSON.stringify(name)}, which is no service`, suggest(name, names));
  }
  return withDependencies(only, dependencies);
}

function refuseCycle(dependencies: Dependencies, problems: Problems): void {
  const cycle = findCycle(dependencies);
  if (cycle === undefined) return;
  problems.add(
    "connections",
    `wait for each other in a circle: ${cycle.join(" -> ")}`,
    'give one of them wait: "none"',
  );
}

function closingView(description: Description, selected: ReadonlySet<string>): ClosingView {
  const services = [...description.services].filter(([name]) => selected.has(name)).sort(([a], [b]) => compare(a, b));
  return {
    system: description.name,
    services: services.map(([name]) => name),
    scrapes: services.flatMap(([name, service]) => scrapeOf(name, service)),
    alerts: services.flatMap(([name, service]) => service.alerts.map((alert) => ({ ...alert, service: name }))),
    dashboards: sortBy(
      description.dashboards.filter(({ service }) => selected.has(service)).map(({ service: _, ...rest }) => rest),
      ({ uid }) => uid,
    ),
  };
}

function scrapeOf(service: string, { metrics, ports }: Service): readonly ScrapePlan[] {
  const port = metrics === undefined ? undefined : ports[metrics.port]?.number;
  return metrics === undefined || port === undefined ? [] : [{ ...metrics, service, port }];
}

function connectionsOf(
  description: Description,
  selected: ReadonlySet<string>,
  contributions: readonly Contribution[],
  view: ClosingView,
): readonly ConnectionPlan[] {
  const declared = description.connections.map(({ from, to, port, protocol }) => ({ from, to, port, protocol }));
  const contributed = contributions.flatMap(({ service, connections = [] }) =>
    connections.map(({ to, port }) => ({ from: service, to, port, protocol: "tcp" as const })),
  );
  const present = new Set(view.services);
  const key = ({ from, to, port, protocol }: ConnectionPlan) => `${from} ${to} ${port} ${protocol}`;
  const unique = new Map([...declared, ...contributed].map((connection) => [key(connection), connection]));
  return sortBy([...unique.values()], key).filter(({ from, to }) => selected.has(from) && present.has(to));
}

function planService(
  name: string,
  service: Service,
  description: Description,
  selected: ReadonlySet<string>,
  contributions: readonly Contribution[],
): ServicePlan {
  const outgoing = description.connections.filter(({ from, to }) => from === name && selected.has(to));
  const env = Object.fromEntries(
    sortBy([service.env, ...outgoing.map(({ env }) => env)].flatMap(Object.entries<Value>), ([key]) => key),
  );
  const contributed = contributions.filter((contribution) => contribution.service === name);
  const files = [...service.files, ...contributed.flatMap((contribution) => contribution.files ?? [])];
  const job = service.kind === "job" || service.kind === "cron";
  return {
    ...service,
    name,
    restart: service.restart ?? { policy: job ? "onFailure" : "always" },
    env,
    files: sortBy(
      files.map((file) => completeFile(file, service)),
      ({ path }) => path,
    ),
    waits: waitsOf(outgoing),
  };
}

function completeFile(file: FileInput, { security }: Service): Required<FileSpec> {
  const { path, content, mode = 0o444, uid = security.user, gid = security.group } = file;
  return { path, content, mode, uid, gid };
}

/** The strictest wait for each provider. */
function waitsOf(outgoing: Description["connections"]): readonly Wait[] {
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

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sortBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return [...items].sort((a, b) => compare(key(a), key(b)));
}
