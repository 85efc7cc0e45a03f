import { at, isRecord } from "./plain";
import type { Resource } from "./stack";

/** The part of a service's description that rules look at. Components show it as their output `outline`. */
export interface ServiceOutline {
  readonly name: string;
  readonly kind: "service" | "stateful" | "job" | "cron";
  readonly replicas: number;
  readonly singleton: boolean;
  readonly autoscale?: { readonly min: number; readonly max: number } | undefined;
  readonly volumes: Readonly<Record<string, { readonly keep: boolean }>>;
  readonly ports: Readonly<Record<string, PortOutline>>;
  readonly metrics?: { readonly port: string } | undefined;
  readonly resources: { readonly pids: number };
  /** How the service's data is backed up, once a description can say so. */
  readonly backup?: BackupOutline | undefined;
}

export interface PortOutline {
  readonly number: number;
  readonly protocol: "tcp" | "udp";
  readonly exposure: "internal" | "loopback" | "public";
}

/** Where copies of a service's data go. */
export interface BackupOutline {
  readonly repositories: readonly {
    /** Whether what destroys the data leaves the copy. */
    readonly offSite: boolean;
    readonly encrypted: boolean;
  }[];
}

export interface SystemOutline {
  readonly connections: readonly ConnectionOutline[];
  readonly externals: readonly { readonly from: string; readonly host: string; readonly port: number }[];
  readonly scrapes: readonly { readonly service: string; readonly port: number }[];
  readonly alerts: readonly AlertOutline[];
}

export interface ConnectionOutline {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

export interface AlertOutline {
  readonly name: string;
  readonly service: string;
  readonly description?: string | undefined;
  readonly runbook?: string | undefined;
}

/** The outline of a component, whose shape is that of its own program. */
export function outlineAt<Outline>({ outputs }: Resource): Outline | undefined {
  const outline = at(outputs, "outline");
  return isRecord(outline) ? (outline as Outline) : undefined;
}
