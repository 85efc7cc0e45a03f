import { endpointsOf, type External } from "./connect";
import type { ClosingHook, DeclaredConnection, Description } from "./description";
import { problemsOf } from "./errors";
import { Problems } from "./problems";
import { type PlanOptions, planSystem } from "./plan";
import type { DashboardPlan, SecretPlan, SecretSource, SystemPlan } from "./plan-types";
import { ServiceHandle } from "./service-handle";
import { label, type Service, type ServiceSpec, serviceSchema } from "./spec";
import { SecretRef } from "./value";

/** A finished description. It cannot change any more, and planning it always gives the same plan. */
export interface SystemDefinition {
  readonly name: string;
  /** Plans the whole system, or only the named services and what they wait for. Throws a `DescriptionError`. */
  plan(options?: PlanOptions): SystemPlan;
}

/** How a secret comes into being; generated ones have 32 letters and digits. */
export type SecretOptions =
  | { readonly generated: { readonly length?: number; readonly rotation?: number } }
  | { readonly config: string };

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
  describe(builder);
  const description = builder.close();
  planSystem(description);
  return { name: builder.name, plan: (options) => planSystem(description, options) };
}

/** Collects the statements about one system. */
export class SystemBuilder {
  readonly name: string;
  readonly #problems = new Problems();
  readonly #services = new Map<string, Service>();
  readonly #handles = new Map<string, ServiceHandle>();
  readonly #connections: DeclaredConnection[] = [];
  readonly #externals: (External & { from: string })[] = [];
  readonly #secrets = new Map<string, SecretPlan>();
  readonly #dashboards: (DashboardPlan & { service: string })[] = [];
  readonly #hooks: ClosingHook[] = [];
  #closed = false;

  constructor(name: string) {
    this.name = name;
    const parsed = label.safeParse(name);
    if (!parsed.success) this.#problems.addAll(problemsOf(parsed.error, name, "name"));
  }

  /** Adds a service. Its name is its DNS name, too. */
  service(name: string, spec: ServiceSpec): ServiceHandle {
    this.#open(`service(${JSON.stringify(name)})`);
    const path = `services.${name}`;
    const parsedName = label.safeParse(name);
    if (!parsedName.success) this.#problems.addAll(problemsOf(parsedName.error, name, path));
    if (this.#handles.has(name)) this.#problems.add(path, "is declared twice", "give each service a name of its own");
    const parsed = serviceSchema.safeParse(spec);
    if (parsed.success) this.#services.set(name, parsed.data);
    else this.#problems.addAll(problemsOf(parsed.error, spec, path, serviceSchema));
    const handle = new ServiceHandle(name, parsed.success ? endpointsOf(name, parsed.data) : undefined, {
      connect: (connection) => this.#record(this.#connections, connection),
      reach: (external) => this.#record(this.#externals, { ...external, from: name }),
      dashboard: (dashboard) => this.#record(this.#dashboards, { ...dashboard, service: name }),
      amend: (change) => {
        this.#open(`a statement about ${name}`);
        const service = this.#services.get(name);
        if (service !== undefined) this.#services.set(name, change(service));
      },
      service: (other) => this.#services.get(other),
      problems: this.#problems,
    });
    this.#handles.set(name, handle);
    return handle;
  }

  /** Declares a secret of the system as a whole. */
  secret(key: string, options: SecretOptions = { generated: {} }): SecretRef {
    this.#open(`secret(${JSON.stringify(key)})`);
    const ref = new SecretRef(this.name, key);
    const parsed = label.safeParse(key);
    if (!parsed.success) this.#problems.addAll(problemsOf(parsed.error, key, `secrets.${key}`));
    if (this.#secrets.has(ref.id))
      this.#problems.add(`secrets.${key}`, "is declared twice", "declare it once and pass the reference on");
    this.#secrets.set(ref.id, { ref, source: secretSource(options) });
    return ref;
  }

  /** Adds what a catalogue function describes, and gives back what it returns. */
  use<Result>(factory: (system: this) => Result): Result {
    this.#open("use(…)");
    return factory(this);
  }

  /** Adds files or connections that depend on the complete description, such as a list of scrape targets. */
  onClose(hook: ClosingHook): void {
    this.#record(this.#hooks, hook);
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
      hooks: this.#hooks,
      problems: this.#problems.all,
    };
  }

  #record<Item>(list: Item[], item: Item): void {
    this.#open("a statement");
    list.push(item);
  }

  #open(statement: string): void {
    if (this.#closed)
      throw new Error(
        `${this.name}: ${statement} came after the description was complete; state it inside defineSystem`,
      );
  }
}

function secretSource(options: SecretOptions): SecretSource {
  if ("config" in options) return { from: "config", key: options.config };
  return { from: "generated", length: options.generated.length ?? 32, rotation: options.generated.rotation ?? 0 };
}
