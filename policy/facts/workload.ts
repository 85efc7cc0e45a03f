import type { Maybe } from "./plain";

export type Target = "docker" | "kubernetes";

/**
 * Something that runs, as it is configured: a pod of Kubernetes, or a container of Docker, which stands for a pod with that
 * one container. `undefined` means that nothing is said, and what a preview does not know is `pending`.
 */
export interface Workload {
  readonly target: Target;
  /** Kind of the Kubernetes object, or `Container`. */
  readonly kind: string;
  readonly name: string;
  /** Whether it is meant to run until it is stopped. */
  readonly lasting: boolean;
  /** How many there are, where a number is given. */
  readonly replicas: Maybe<number> | undefined;
  /** By name. */
  readonly labels: unknown;
  readonly hostNetwork: Maybe<boolean> | undefined;
  readonly hostPid: Maybe<boolean> | undefined;
  readonly hostIpc: Maybe<boolean> | undefined;
  readonly hasHostAliases: boolean;
  readonly supplementalGroups: readonly number[];
  /** Names of kernel parameters that are set. */
  readonly sysctls: readonly string[];
  readonly hostMounts: readonly HostMount[];
  /** Ports of the machine. */
  readonly published: readonly PublishedPort[];
  readonly containers: readonly Container[];
  /** The specification of the pod, or the inputs of the container, for rules of one target. */
  readonly plain: unknown;
  /** The specification of what runs the pods; on Docker the same as `plain`. */
  readonly spec: unknown;
}

export interface Container {
  readonly name: string;
  /** Whether it ends before the others start. */
  readonly init: boolean;
  readonly image: Maybe<string> | undefined;
  /** Size of the image in bytes, where somebody has asked the engine. */
  readonly imageBytes: number | undefined;
  readonly privileged: Maybe<boolean> | undefined;
  readonly noNewPrivileges: Maybe<boolean> | undefined;
  readonly readOnlyRoot: Maybe<boolean> | undefined;
  /** Whether it is said that it does not run as root. */
  readonly nonRoot: Maybe<boolean> | undefined;
  /** Number, or on Docker a name. */
  readonly user: Maybe<number | string> | undefined;
  readonly group: Maybe<number | string> | undefined;
  /** Capabilities in capitals, without the prefix CAP_. */
  readonly drops: Maybe<readonly string[]>;
  readonly adds: readonly string[];
  readonly seccomp: Maybe<"default" | "localhost" | "unconfined"> | undefined;
  readonly appArmor: Maybe<"default" | "localhost" | "unconfined"> | undefined;
  readonly seLinux: SeLinux;
  readonly env: readonly EnvVar[];
  /** Command and arguments, as far as they are known. */
  readonly commandLine: readonly string[];
  /** Ports that it is said to listen on. */
  readonly ports: readonly number[];
  /** Bytes. */
  readonly memoryLimit: Maybe<number> | undefined;
  /** Cores. */
  readonly cpuLimit: Maybe<number> | undefined;
  /** The container itself as it is written, for rules of one target. */
  readonly plain: unknown;
}

export interface HostMount {
  readonly source: string;
  readonly readOnly: Maybe<boolean>;
  /** How mounts below it spread between the machine and the container. */
  readonly propagation: string | undefined;
}

export interface PublishedPort {
  readonly number: number;
  readonly protocol: string;
  /** `undefined` means every address of the machine. */
  readonly address: Maybe<string> | undefined;
}

export interface EnvVar {
  readonly name: string;
  /** `undefined` where it comes from elsewhere. */
  readonly value: Maybe<string> | undefined;
  /** Whether it comes from a Secret. */
  readonly fromSecret: boolean;
}

export interface SeLinux {
  readonly disabled: boolean;
  readonly type: string | undefined;
  readonly user: string | undefined;
  readonly role: string | undefined;
}
