import { type ResolveImage, withoutBuilds } from "../images";
import type { Target } from "../target";
import type { DockerModel } from "./model";
import type { Isolation } from "./networks";
import { realiseDocker } from "./realise";
import { type RenderOptions, renderDocker } from "./render";
import { support } from "./support";

export interface DockerOptions {
  /** Beginning of the names of containers, networks and volumes. @default - the system's name */
  readonly prefix?: string;
  /**
   * `connection`: services reach each other only where a connection is declared; one network for each pair.
   * `system`: all services of a system do, on one network. @default connection
   */
  readonly isolation?: Isolation;
  /** Added to every port number on the host. @default 0 */
  readonly hostPortBase?: number;
  /** Address of the host at which ports with the exposure `loopback` answer; public ones answer at all. @default 127.0.0.1 */
  readonly publishAddress?: string;
  /** IPv4 block, /8 to /28, from which networks get their addresses. @default 10.200.0.0/13 */
  readonly subnets?: string;
  /** What an image of a description is on this machine. @default - strings as they are, and no builds */
  readonly resolveImage?: ResolveImage;
  /** Whether all volumes stay when the stack is destroyed, not only those that ask for it. @default false */
  readonly keepVolumes?: boolean;
  /** Labels for every container. @default - only those that say to what it belongs */
  readonly labels?: Readonly<Record<string, string>>;
  /** Address of the Docker Engine. @default - DOCKER_HOST, else the socket of this machine */
  readonly host?: string;
}

/** Runs systems on a Docker Engine. */
export function docker(options: DockerOptions = {}): Target<DockerModel> {
  return {
    id: "docker",
    support,
    render: (plan) => renderDocker(plan, renderOptions(plan.name, options)),
    realise: (model, scope) => realiseDocker(model, scope, options.host),
  };
}

/** The options with their defaults, for one system. */
export function renderOptions(system: string, options: DockerOptions): RenderOptions {
  return {
    prefix: options.prefix ?? system,
    isolation: options.isolation ?? "connection",
    hostPortBase: options.hostPortBase ?? 0,
    publishAddress: options.publishAddress ?? "127.0.0.1",
    subnets: options.subnets ?? "10.200.0.0/13",
    resolveImage: options.resolveImage ?? withoutBuilds("docker"),
    keepVolumes: options.keepVolumes ?? false,
    labels: options.labels ?? {},
  };
}
