import type { ConnectionValues, Endpoint, External } from "./connect";
import type { DeclaredConnection } from "./description";
import { problemsOf, suggest } from "./errors";
import type { DashboardPlan, Wait } from "./plan-types";
import type { Problems } from "./problems";
import { type AlertRule, type MetricsSpec, metricsSchema, type Service } from "./spec";
import type { Value } from "./value";

export interface ConnectOptions {
  /** Variables that the connection gives to the consumer; the consumer chooses the names. @default - none */
  readonly env?: (connection: ConnectionValues) => Readonly<Record<string, Value>>;
  /** What the consumer waits for. @default - healthy when the provider has a probe, completed for a job, else started */
  readonly wait?: Wait["until"] | "none";
}

/** What a handle may do to the description that it belongs to. */
interface Recorder {
  connect(connection: DeclaredConnection): void;
  reach(external: External): void;
  dashboard(dashboard: DashboardPlan): void;
  amend(change: (service: Service) => Service): void;
  service(name: string): Service | undefined;
  readonly problems: Problems;
}

/** A service of a description, for statements about it. */
export class ServiceHandle {
  readonly name: string;
  /** Unknown when the spec was wrong; the problem is recorded then. */
  readonly #endpoints: readonly Endpoint[] | undefined;
  readonly #recorder: Recorder;

  constructor(name: string, endpoints: readonly Endpoint[] | undefined, recorder: Recorder) {
    this.name = name;
    this.#endpoints = endpoints;
    this.#recorder = recorder;
  }

  /** One of several endpoints: `orders.connectsTo(db.endpoint("replica"))`. */
  endpoint(name: string): { readonly of: ServiceHandle; readonly endpoint: string } {
    return { of: this, endpoint: name };
  }

  /** States that this service opens connections to another one. Nothing that is not stated can connect. */
  connectsTo(target: ServiceHandle | ReturnType<ServiceHandle["endpoint"]>, options: ConnectOptions = {}): this {
    const [provider, name] = target instanceof ServiceHandle ? [target, undefined] : [target.of, target.endpoint];
    const endpoint = provider.#find(name, `services.${this.name}.connectsTo.${provider.name}`);
    if (endpoint === undefined) return this;
    this.#recorder.connect({
      from: this.name,
      to: provider.name,
      port: endpoint.port,
      protocol: endpoint.protocol,
      env: options.env?.(endpoint.values) ?? {},
      wait: options.wait ?? defaultWait(this.#recorder.service(provider.name)),
    });
    return this;
  }

  /** States that this service opens connections to something outside the system. */
  reaches(external: External): this {
    this.#recorder.reach(external);
    return this;
  }

  /** States that a port serves metrics, and which ones. */
  metricsOn(port: string, options: Omit<MetricsSpec, "port"> = {}): this {
    this.#recorder.amend((service) => {
      const path = `services.${this.name}.metrics`;
      const { problems } = this.#recorder;
      if (service.metrics !== undefined) problems.add(path, "is stated twice", "state it once");
      const metrics = { port, ...options };
      const parsed = metricsSchema.safeParse(metrics);
      if (parsed.success) return { ...service, metrics: parsed.data };
      problems.addAll(problemsOf(parsed.error, metrics, path, metricsSchema));
      return service;
    });
    return this;
  }

  /** Adds alerts that this service's owner wants to be told of. */
  alerts(...rules: readonly AlertRule[]): this {
    this.#recorder.amend((service) => ({ ...service, alerts: [...service.alerts, ...rules] }));
    return this;
  }

  /** Adds a dashboard that belongs to this service. */
  dashboard(dashboard: DashboardPlan): this {
    this.#recorder.dashboard(dashboard);
    return this;
  }

  #find(name: string | undefined, path: string): Endpoint | undefined {
    const endpoints = this.#endpoints;
    if (endpoints === undefined) return undefined;
    const names = endpoints.map((endpoint) => endpoint.name);
    const [only] = endpoints;
    const { problems } = this.#recorder;
    if (name !== undefined) {
      const found = endpoints.find((endpoint) => endpoint.name === name);
      if (found === undefined) problems.add(path, `has no endpoint ${JSON.stringify(name)}`, suggest(name, names));
      return found;
    }
    if (endpoints.length === 1) return only;
    if (only === undefined)
      problems.add(path, `offers nothing: ${this.name} has no ports`, `add a port to ${this.name}`);
    else
      problems.add(path, `has several endpoints`, `say which: ${names.map((n) => `.endpoint("${n}")`).join(" or ")}`);
    return undefined;
  }
}

function defaultWait(provider: Service | undefined): Wait["until"] {
  if (provider?.kind === "job") return "completed";
  const probes = provider?.probes;
  return (probes?.ready ?? probes?.live ?? probes?.startup) === undefined ? "started" : "healthy";
}
