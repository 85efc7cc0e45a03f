import type { External } from "./connect";
import type { Problem } from "./errors";
import type { MonitoringMode } from "./own-monitoring";
import type { ConnectionPlan, DashboardPlan, ScrapePlan, SecretPlan, Wait } from "./plan-types";
import type { AlertRule, FileSpec, Service } from "./spec";
import type { Value } from "./value";

/** A connection as it was declared, with what it gives to the service that declared it. */
export interface DeclaredConnection extends ConnectionPlan {
  readonly env: Readonly<Record<string, Value>>;
  /** What `from` waits for before it starts. */
  readonly wait: Wait["until"] | "none";
}

/** What a closing hook sees: the services that are going to be deployed, and their statements on monitoring. */
export interface ClosingView {
  readonly system: string;
  /** Who looks at the system. */
  readonly monitoring: MonitoringMode;
  readonly services: readonly string[];
  /** What each of them may use. */
  readonly resources: Readonly<Record<string, Service["resources"]>>;
  readonly scrapes: readonly ScrapePlan[];
  readonly alerts: readonly (AlertRule & { readonly service: string })[];
  readonly dashboards: readonly DashboardPlan[];
}

/** Makes a dashboard about all services, when they are known. */
export type DashboardMaker = (view: Omit<ClosingView, "alerts" | "dashboards">) => DashboardPlan;

/** What a closing hook adds to one service: files, and connections that it opens without waiting. */
export interface Contribution {
  readonly service: string;
  readonly files?: readonly FileInput[];
  /** `port` is the number of one of the ports of `to`. */
  readonly connections?: readonly Pick<ConnectionPlan, "to" | "port">[];
}

/** A file as it is written in a description; the rest is filled in by the planner. */
export type FileInput = Pick<FileSpec, "path" | "content"> & Partial<FileSpec>;

export type ClosingHook = (view: ClosingView) => readonly Contribution[];

/** All statements about a system, as collected before the planner runs. */
export interface Description {
  readonly name: string;
  readonly services: ReadonlyMap<string, Service>;
  readonly connections: readonly DeclaredConnection[];
  readonly externals: readonly (External & { readonly from: string })[];
  readonly secrets: ReadonlyMap<string, SecretPlan>;
  readonly dashboards: readonly (DashboardPlan & { readonly service: string })[];
  /** Dashboards about the system as a whole, which stay whoever looks at it. */
  readonly dashboardMakers: readonly DashboardMaker[];
  readonly hooks: readonly ClosingHook[];
  /** Services that look at the system, where nobody else does. */
  readonly ownMonitoring: ReadonlySet<string>;
  /** What was wrong already when it was stated. */
  readonly problems: readonly Problem[];
}

/** The connections that each service opens, so that a large system takes no longer for each of its services. */
export function connectionsByService({
  connections,
}: Pick<Description, "connections">): ReadonlyMap<string, readonly DeclaredConnection[]> {
  return Map.groupBy(connections, ({ from }) => from);
}
