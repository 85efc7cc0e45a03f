import type { SupportTable } from "../../../components/index";
import type { LiveTarget } from "../live-target";

/** A kind of place that systems can be deployed to, and what the suite must know to use it. */
export interface Platform {
  readonly id: "docker";
  readonly support: SupportTable;
  /** Whether a connection is let through only in the direction in which it was declared. */
  readonly oneWay: boolean;
  /** What is missing on this machine for it, or undefined. */
  missing(): Promise<string | undefined>;
  /** Reference of the image that every service of the suite runs. */
  image(): Promise<string>;
  /** A view on what is deployed under a prefix. */
  live(prefix: string): LiveTarget;
}
