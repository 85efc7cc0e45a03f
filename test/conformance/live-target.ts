import type { SupportTable } from "../../components/index";

/** What a command that ran inside an instance said. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One running copy of a service: a container, a pod. */
export interface Instance {
  readonly id: string;
  readonly service: string;
  readonly running: boolean;
  /** How often the platform has started it again by itself. */
  readonly restarts: number;
  /** Absent while it runs, and while it is about to be started again. */
  readonly exitCode?: number;
}

/** How an instance has ended. */
export interface Ended {
  readonly exitCode: number;
  /** All that it had printed. */
  readonly log: string;
}

/** A place where a service can be reached from the machine. */
export interface Published {
  readonly address: string;
  readonly port: number;
  /** Name by which HTTP requests must ask for it there. @default - any */
  readonly host?: string;
}

/**
 * A place where a deployed system can be looked at from outside, as an operator would. The cases know nothing else of a
 * platform; whatever can be seen from inside (processes, files, addresses) they see through `exec`.
 */
export interface LiveTarget {
  readonly id: string;
  readonly support: SupportTable;
  /** The copies of a service, in a stable order; those of a finished job, too. */
  instances(service: string): Promise<readonly Instance[]>;
  /** Runs a command inside, as the service's own user. */
  exec(instance: Instance, argv: readonly string[]): Promise<Said>;
  /** All that it has printed, over its restarts. */
  logs(instance: Instance): Promise<string>;
  /** All that it prints from its start to its end; `ended` resolves at its end. Begins to listen before it returns. */
  follow(instance: Instance): Promise<{ readonly ended: Promise<string> }>;
  /** Where other instances would find it, name resolution aside. */
  addresses(instance: Instance): Promise<readonly string[]>;
  /** Everything that the platform shows about the system's objects to whoever may look at them, as text. */
  metadata(): Promise<string>;
  /** Asks it to end, as the platform does before a removal, with the grace time that the description gives, and waits. */
  stop(instance: Instance): Promise<Ended>;
  /** Where a service can be reached from the machine. */
  published(service: string): Promise<readonly Published[]>;
  /** What exists of the system, each as `kind name`. */
  objects(): Promise<readonly string[]>;
  /** Removes everything that `objects` lists, and what the stack of that name has made beside it. */
  sweep(): Promise<void>;
}
