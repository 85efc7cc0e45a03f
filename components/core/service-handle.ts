import { z } from "zod";
import type { ConnectionValues, Endpoint, External } from "./connect";
import type { DeclaredConnection } from "./description";
import { suggest } from "./errors";
import { parse } from "./issues";
import type { DashboardPlan, Wait } from "./plan-types";
import type { Problems } from "./problems";
import type { AlertRule, MetricsSpec, Service } from "./spec";
import { alertRule, env, metrics } from "./spec-parts";
import { dashboardSchema, externalSchema, waitSchema } from "./statements";
import type { Value } from "./value";

export interface ConnectOptions {
  /** Variables that the connection gives to the consumer; the consumer chooses the names. @default - none */
  readonly env?: (connection: ConnectionValues) => Readonly<Record<string, Value>>;
  /** What the consumer waits for. @default - healthy when the provider has a probe, completed for a job, else started */
  readonly wait?: Wait["until"] | "none";
}

/** What a handle may do to the description that it belongs to. */
interface Recorder {
  /** Name of the system. */
  readonly system: string;
  readonly problems: Problems;
  /** Throws when the description is complete already. */
  open(statement: string): void;
  connect(connection: DeclaredConnection): void;
  reach(external: External): void;
  dashboard(dashboard: DashboardPlan): void;
  amend(change: (service: Service) => Service): void;
  service(name: string): Service | undefined;
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
    this.#recorder.open(`${this.name}.connectsTo(${provider.name})`);
    const path = `services.${this.name}.connectsTo.${provider.name}`;
    const { problems } = this.#recorder;
    if (provider.#recorder.problems !== problems) {
      const { system } = provider.#recorder;
      problems.add(path, `is a service of the system ${system}`, "connect to services of the same system");
      return this;
    }
    const endpoint = provider.#find(name, path);
    if (endpoint === undefined) return this;
    const values = connectionValues(endpoint, problems);
    const wait = options.wait ?? defaultWait(this.#recorder.service(provider.name));
    this.#recorder.connect({
      from: this.name,
      to: provider.name,
      port: endpoint.port,
      protocol: endpoint.protocol,
      env: options.env === undefined ? {} : (parse(env, options.env(values), `${path}.env`, problems) ?? {}),
      wait: parse(waitSchema, wait, `${path}.wait`, problems) ?? "none",
    });
    return this;
  }

  /** States that this service opens connections to something outside the system. */
  reaches(external: External): this {
    this.#recorder.open(`${this.name}.reaches(…)`);
    const parsed = parse(externalSchema, external, `services.${this.name}.reaches`, this.#recorder.problems);
    if (parsed !== undefined) this.#recorder.reach(parsed);
    return this;
  }

  /** States that a port serves metrics, and which ones. */
  metricsOn(port: string, options: Omit<MetricsSpec, "port"> = {}): this {
    this.#recorder.open(`${this.name}.metricsOn(${JSON.stringify(port)})`);
    const path = `services.${this.name}.metrics`;
    const { problems } = this.#recorder;
    const parsed = parse(metrics, { ...options, port }, path, problems);
    this.#recorder.amend((service) => {
      if (service.metrics !== undefined) problems.add(path, "is stated twice", "state it once");
      return parsed === undefined ? service : { ...service, metrics: parsed };
    });
    return this;
  }

  /** Adds alerts that this service's owner wants to be told of. */
  alerts(...rules: readonly AlertRule[]): this {
    this.#recorder.open(`${this.name}.alerts(…)`);
    const parsed = parse(z.array(alertRule), rules, `services.${this.name}.alerts`, this.#recorder.problems) ?? [];
    this.#recorder.amend((service) => ({ ...service, alerts: [...service.alerts, ...parsed] }));
    return this;
  }

  /** Adds a dashboard that belongs to this service. */
  dashboard(dashboard: DashboardPlan): this {
    this.#recorder.open(`${this.name}.dashboard(…)`);
    const { system, problems } = this.#recorder;
    const parsed = parse(dashboardSchema(system), dashboard, `services.${this.name}.dashboard`, problems);
    if (parsed !== undefined) this.#recorder.dashboard(parsed);
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
      problems.add(path, "has several endpoints", `say which: ${names.map((n) => `.endpoint("${n}")`).join(" or ")}`);
    return undefined;
  }
}

/** Goes on after an unknown name, so that the others are checked, too; a description with problems is never planned. */
function connectionValues(endpoint: Endpoint, problems: Problems): ConnectionValues {
  const { service, name, port, url, values } = endpoint;
  return {
    host: service,
    port,
    url,
    value(key) {
      const found = Object.hasOwn(values, key) ? values[key] : undefined;
      if (found === undefined)
        problems.add(
          `services.${service}.provides.${name}.values`,
          `has no ${JSON.stringify(key)}`,
          suggest(key, Object.keys(values)),
        );
      return found ?? "";
    },
  };
}

function defaultWait(provider: Service | undefined): Wait["until"] {
  if (provider?.kind === "job") return "completed";
  const probes = provider?.probes;
  return (probes?.ready ?? probes?.live ?? probes?.startup) === undefined ? "started" : "healthy";
}
