import type { z } from "zod";
import { type External, endpointsOf } from "./connect";
import type { ClosingHook, DashboardMaker, DeclaredConnection, Description } from "./description";
import { parse } from "./issues";
import { type PlanOptions, planSystem } from "./plan";
import type { DashboardPlan, SecretPlan, SecretSource, SystemPlan } from "./plan-types";
import { Problems } from "./problems";
import { ServiceHandle } from "./service-handle";
import { type Service, type ServiceSpec, serviceSchema } from "./spec";
import { label } from "./spec-parts";
import { secretOptionsSchema } from "./statements";
import { SecretRef } from "./value";

/** A finished description. It cannot change any more, and planning it always gives the same plan. */
export interface SystemDefinition {
  readonly name: string;
  /** Plans the whole system, or only the named services and what they wait for. Throws a `DescriptionError`. */
  plan(options?: PlanOptions): SystemPlan;
}

/** How a secret comes into being: generated (32 letters and digits unless said), or from the stack's configuration. */
export type SecretOptions = z.input<typeof secretOptionsSchema>;

/**
 * Describes a system: `describe` states its services and connections. When it returns, the description is complete,
 * is checked as a whole, and can no longer change. Throws a `DescriptionError` that lists every problem.
 */
export function defineSystem(name: string, describe: (system: SystemBuilder) => void): SystemDefinition {
  return closeSystem(new SystemBuilder(name), describe);
}

/** Runs a description on a builder and closes it; for builders that add functions to `SystemBuilder`. */
export function closeSystem<Builder extends SystemBuilder>(
  builder: Builder,
  describe: (system: Builder) => void,
): SystemDefinition {
  const returned: unknown = describe(builder);
  if (returned instanceof Promise)
    throw new Error(
      `${builder.name}: the describing function is async; fetch what it needs before, and state it at once`,
    );
  const description = builder.close();
  const whole = planSystem(description);
  return {
    name: builder.name,
    plan: (options = {}) =>
      options.only === undefined && options.monitoring !== "cluster" ? whole : planSystem(description, options),
  };
}

/** Collects the statements about one system. */
export class SystemBuilder {
  readonly name: string;
  readonly #problems = new Problems();
  readonly #services = new Map<string, Service>();
  readonly #declared = new Set<string>();
  readonly #connections: DeclaredConnection[] = [];
  readonly #externals: (External & { from: string })[] = [];
  readonly #secrets = new Map<string, SecretPlan>();
  readonly #dashboards: (DashboardPlan & { service: string })[] = [];
  readonly #dashboardMakers: DashboardMaker[] = [];
  readonly #hooks: ClosingHook[] = [];
  readonly #ownMonitoring = new Set<string>();
  #closed = false;

  constructor(name: string) {
    this.name = name;
    parse(label, name, "name", this.#problems);
  }

  /** Adds a service. Its name is its DNS name, too. */
  service(name: string, spec: ServiceSpec): ServiceHandle {
    this.#open(`service(${JSON.stringify(name)})`);
    const path = `services.${name}`;
    parse(label, name, path, this.#problems);
    if (this.#declared.has(name)) this.#problems.add(path, "is declared twice", "give each service a name of its own");
    this.#declared.add(name);
    const parsed = parse(serviceSchema, spec, path, this.#problems);
    if (parsed !== undefined) this.#services.set(name, parsed);
    return new ServiceHandle(name, parsed && endpointsOf(name, parsed), {
      system: this.name,
      problems: this.#problems,
      open: (statement) => this.#open(statement),
      connect: (connection) => this.#connections.push(connection),
      reach: (external) => this.#externals.push({ ...external, from: name }),
      dashboard: (dashboard) => this.#dashboards.push({ ...dashboard, service: name }),
      amend: (change) => {
        const service = this.#services.get(name);
        if (service !== undefined) this.#services.set(name, change(service));
      },
      service: (other) => this.#services.get(other),
    });
  }

  /** Declares a secret of the system as a whole. */
  secret(key: string, options: SecretOptions = { generated: {} }): SecretRef {
    this.#open(`secret(${JSON.stringify(key)})`);
    const ref = new SecretRef(this.name, key);
    const path = `secrets.${key}`;
    parse(label, key, path, this.#problems);
    if (this.#secrets.has(ref.id))
      this.#problems.add(path, "is declared twice", "declare it once and pass the reference on");
    const parsed = parse(secretOptionsSchema, options, path, this.#problems);
    this.#secrets.set(ref.id, { ref, source: secretSource(parsed ?? { generated: { length: 32, rotation: 0 } }) });
    return ref;
  }

  /** Adds what a catalogue function describes, and gives back what it returns. */
  use<Result>(factory: (system: this) => Result): Result {
    this.#open("use(…)");
    return factory(this);
  }

  /** Adds files or connections that depend on the complete description, such as a list of scrape targets. */
  onClose(hook: ClosingHook): void {
    this.#open("onClose(…)");
    this.#hooks.push(hook);
  }

  /** Adds a dashboard about the system as a whole. It stays where the cluster looks at the system. */
  dashboard(make: DashboardMaker): void {
    this.#open("dashboard(…)");
    this.#dashboardMakers.push(make);
  }

  /** Says which services look at the system: they are left out where the cluster does that. */
  ownMonitoring(...services: readonly ServiceHandle[]): void {
    this.#open("ownMonitoring(…)");
    for (const { name } of services) this.#ownMonitoring.add(name);
  }

  /** Ends the description; every later statement throws. */
  close(): Description {
    this.#open("close()");
    this.#closed = true;
    return {
      name: this.name,
      services: this.#services,
      connections: this.#connections,
      externals: this.#externals,
      secrets: this.#secrets,
      dashboards: this.#dashboards,
      dashboardMakers: this.#dashboardMakers,
      hooks: this.#hooks,
      ownMonitoring: this.#ownMonitoring,
      problems: this.#problems.all,
    };
  }

  #open(statement: string): void {
    if (this.#closed)
      throw new Error(
        `${this.name}: ${statement} came after the description was complete; state it inside defineSystem`,
      );
  }
}

function secretSource(options: z.output<typeof secretOptionsSchema>): SecretSource {
  return "config" in options ? { from: "config", key: options.config } : { from: "generated", ...options.generated };
}
