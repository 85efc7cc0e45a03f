import type { AlertRule, FileSpec, Port, Service } from "./spec";
import type { SecretRef, Value } from "./value";

/** Where a secret's value comes from. */
export type SecretSource =
  /** Made once per stack and kept; raising `rotation` makes a new one. Alphanumeric, so that it is safe inside a URL. */
  | { readonly from: "generated"; readonly length: number; readonly rotation: number }
  /** Read from the stack's configuration, where it must be set as a secret. */
  | { readonly from: "config"; readonly key: string };

export interface SecretPlan {
  readonly ref: SecretRef;
  readonly source: SecretSource;
}

/** One declared connection: `from` opens connections to `to`, at this port and no other. */
export interface ConnectionPlan {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: Port["protocol"];
}

/** A service that must be up before another one starts. */
export interface Wait {
  readonly service: string;
  readonly until: "healthy" | "started" | "completed";
}

/** Something outside the system that a service opens connections to. */
export interface ExternalPlan {
  readonly from: string;
  readonly host: string;
  readonly port: number;
}

export interface ScrapePlan {
  readonly service: string;
  readonly port: number;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly names: readonly string[];
}

export interface DashboardPlan {
  /** `<system>-<slug>`, at most 40 characters. */
  readonly uid: string;
  readonly title: string;
  /** Grafana's dashboard model, JSON-able. */
  readonly model: object;
}

/** A file with its owner filled in. */
export interface FilePlan extends FileSpec {
  readonly uid: number;
  readonly gid: number;
}

/** A service with everything resolved that does not depend on the target. */
export interface ServicePlan extends Omit<Service, "env" | "files" | "restart"> {
  readonly name: string;
  readonly restart: NonNullable<Service["restart"]>;
  /** Own variables and those of its connections, sorted by name. */
  readonly env: Readonly<Record<string, Value>>;
  /** Own files and those of its connections, sorted by path; owner and mode filled in. */
  readonly files: readonly FilePlan[];
  readonly waits: readonly Wait[];
}

/** A whole system as plain data: the contract between the planner and the targets. Deterministic and sorted. */
export interface SystemPlan {
  readonly name: string;
  /** In start order: whatever a service waits for comes before it. */
  readonly services: readonly ServicePlan[];
  readonly connections: readonly ConnectionPlan[];
  readonly externals: readonly ExternalPlan[];
  readonly secrets: readonly SecretPlan[];
  readonly scrapes: readonly ScrapePlan[];
  readonly alerts: readonly (AlertRule & { readonly service: string })[];
  readonly dashboards: readonly DashboardPlan[];
  /** Present where what the cluster has for all looks at the system, and the system has nothing of its own for that. */
  readonly monitoring?: "cluster";
}
