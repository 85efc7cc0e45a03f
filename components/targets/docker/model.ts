import type { Wait } from "../../core/plan-types";
import type { Value } from "../../core/value";

/** A system as Docker objects: plain data, deterministic and sorted. Secrets are references still. */
export interface DockerModel {
  readonly system: string;
  /** Beginning of the name of every object. */
  readonly prefix: string;
  readonly networks: readonly NetworkModel[];
  /** In start order. */
  readonly services: readonly ServiceModel[];
}

export interface NetworkModel {
  readonly name: string;
  readonly subnet: string;
  /** Whether nothing outside can be reached from it, nor reach it. */
  readonly internal: boolean;
  /** Whether its members reach each other. */
  readonly talk: boolean;
}

/** One service: what holds its files, its containers, and when it counts as up. */
export interface ServiceModel {
  readonly name: string;
  /** Why it cannot run here. Everything is rendered nevertheless, and nothing of it is made. */
  readonly omitted?: string;
  readonly volumes: readonly VolumeModel[];
  /** What its containers mount read-only; one at most. */
  readonly carriers: readonly CarrierModel[];
  readonly containers: readonly ContainerModel[];
  readonly waits: readonly Wait[];
  readonly goal: Goal;
  /** Where each exposed port answers, by the port's name. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** When a container counts as up. */
export interface Goal {
  readonly until: "healthy" | "running" | "completed";
  /** Seconds after its start in which it must get there. */
  readonly withinSeconds: number;
  /** Processes and threads that it may have; the provider has no input for it. */
  readonly pids: number;
}

export interface VolumeModel {
  readonly name: string;
  /** Whether it stays when the stack is destroyed. */
  readonly keep: boolean;
}

/**
 * A container that is never started and only holds volumes for others. Files cannot be uploaded to a container whose root
 * is read-only, but they can to a carrier, and its volumes go with it when it is removed.
 */
export interface CarrierModel {
  readonly name: string;
  readonly image: string;
  /** Folders of its own, filled with what the image has there. */
  readonly folders: readonly string[];
  readonly uploads: readonly UploadModel[];
}

/** A file, or a folder when the path ends with a slash. */
export interface UploadModel {
  readonly path: string;
  readonly content: Value;
  /** Four octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

export interface ContainerModel {
  readonly name: string;
  /** Number of the replica, from 1. */
  readonly replica: number;
  readonly args: ContainerArgs;
  readonly env: Readonly<Record<string, Value>>;
  /** Networks by name; on each the container answers to these names. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  /** Named volumes by folder. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Whose the volumes are. */
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** The plain part of the provider's arguments, under the provider's own names, and with lists as it types them. */
export interface ContainerArgs {
  readonly image: string;
  readonly entrypoints?: string[];
  readonly command?: string[];
  readonly user: string;
  readonly groupAdds?: string[];
  readonly readOnly: boolean;
  readonly init: boolean;
  readonly capabilities: { readonly drops: string[]; readonly adds?: string[] };
  readonly securityOpts?: string[];
  readonly cpus?: string;
  readonly cpuShares: number;
  /** MiB, as the two below. */
  readonly memory: number;
  readonly memoryReservation: number;
  readonly memorySwap: number;
  readonly shmSize?: number;
  readonly sysctls?: Record<string, string>;
  readonly ulimits?: { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly tmpfs?: Record<string, string>;
  /** Folders of the machine. */
  readonly volumes?: { readonly hostPath: string; readonly containerPath: string; readonly readOnly: boolean }[];
  readonly networkMode: string;
  readonly ports?: PublishedPort[];
  readonly healthcheck: Healthcheck;
  readonly restart: "unless-stopped" | "on-failure" | "no";
  readonly maxRetryCount?: number;
  readonly stopSignal: string;
  readonly stopTimeout: number;
  readonly destroyGraceSeconds: number;
  readonly logDriver: string;
  readonly logOpts: Record<string, string>;
  readonly labels: { readonly label: string; readonly value: string }[];
}

export interface PublishedPort {
  readonly internal: number;
  readonly external: number;
  readonly ip: string;
  readonly protocol: "tcp" | "udp";
}

/** Durations as Go prints them; `tests` alone, `["NONE"]`, switches off what the image brings. */
export interface Healthcheck {
  readonly tests: string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly retries?: number;
}
