import type { SupportTable, Target } from "../../../components/index";
import type { Instance, LiveTarget } from "../live-target";
import type { SystemName } from "../programs/bench";
import type { Scene } from "../scene";

/** A kind of place that systems can be deployed to, and what the suite must know to use it. */
export interface Platform {
  readonly id: Target["id"];
  readonly support: SupportTable;
  /**
   * Whether exactly the declared connections are possible. Else a declared one opens a network, on which the provider can
   * call back, what is exposed can call out, and the machine can call everybody.
   */
  readonly exact: boolean;
  /** How many runs the suite kills. */
  readonly interruptions: number;
  /** Folder that is there as long as what is deployed: the suite keeps account in it. */
  readonly records: string;
  /** Cases that only this platform has, by the system that they look at. */
  readonly own: Readonly<Record<SystemName, readonly ((scene: Scene) => void)[]>>;
  /** Address under which the platform's machines know this one. */
  address(): Promise<string>;
  /** What is missing on this machine for it, or undefined. */
  missing(): Promise<string | undefined>;
  /** Reference of the image that every service of the suite runs. */
  image(): Promise<string>;
  /** What a command of that image prints that runs in the network of an instance, and nowhere else of it. */
  beside(instance: Instance, argv: readonly string[]): Promise<string>;
  /** A view on what is deployed under a prefix. */
  live(prefix: string): LiveTarget;
}
