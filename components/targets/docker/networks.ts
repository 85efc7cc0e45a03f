import { DescriptionError } from "../../core/errors";
import type { ServicePlan, SystemPlan } from "../../core/plan-types";
import { podsName } from "../../core/pods-name";
import { shortened } from "../names";
import { type Block, formatBlock, parseBlock } from "./ipv4";
import type { NetworkModel } from "./model";
import { hashNumber } from "./names";

/** `connection`: services reach each other only where a connection is declared. `system`: all services of a system do. */
export type Isolation = "connection" | "system";

export interface NetworkOptions {
  readonly prefix: string;
  readonly isolation: Isolation;
  /** IPv4 block from which every network gets a part. */
  readonly subnets: string;
}

/** A network with the services on it. */
interface Members {
  readonly name: string;
  readonly services: readonly string[];
  readonly internal: boolean;
  readonly talk: boolean;
}

/** The networks of a system, and for each service the networks that it is on with its names there. */
export interface Networks {
  readonly networks: readonly NetworkModel[];
  readonly of: (service: string) => Readonly<Record<string, readonly string[]>>;
}

export function networksOf(
  plan: SystemPlan,
  copies: (service: ServicePlan) => number,
  options: NetworkOptions,
): Networks {
  const all =
    options.isolation === "system" ? [wholeSystem(plan, options.prefix)] : perConnection(plan, options.prefix);
  const present = all.filter(({ services }) => services.length > 0);
  const names = new Map(plan.services.map((service) => [service.name, namesOf(service)]));
  const count = new Map(plan.services.map((service) => [service.name, copies(service)]));
  const sizes = present.map(({ name, services }) => ({
    name,
    addresses: services.reduce((sum, service) => sum + (count.get(service) ?? 1), 0),
  }));
  const subnets = assignSubnets(sizes, options.subnets);
  const memberships = Map.groupBy(
    present.flatMap(({ name, services, talk }) =>
      services.map((service) => ({ service, name, names: talk ? (names.get(service) ?? []) : [] })),
    ),
    ({ service }) => service,
  );
  return {
    networks: present.map(({ name, internal, talk }) => ({ name, subnet: subnets.get(name) ?? "", internal, talk })),
    of: (service) => Object.fromEntries((memberships.get(service) ?? []).map(({ name, names }) => [name, names])),
  };
}

/** Replicas share a name, which stands for the addresses of all. Who reads metrics asks for them as it would elsewhere. */
function namesOf({ name, aliases, metrics }: ServicePlan): readonly string[] {
  return [name, ...aliases, ...(metrics === undefined ? [] : [podsName(name)])];
}

/**
 * One internal network for each pair with a connection, and one that leads outside. An internal network can publish
 * nothing, so what is exposed or reaches out is on the second, too, whose members do not reach each other.
 */
function perConnection(plan: SystemPlan, prefix: string): readonly Members[] {
  const pairs = new Map(
    plan.connections.map(({ from, to }): [string, Members] => {
      const services = [from, to].sort();
      return [
        services.join("."),
        { name: shortened(`${prefix}-${services.join(".")}`), services, internal: true, talk: true },
      ];
    }),
  );
  const outside = leadingOutside(plan);
  return [
    ...[...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, members]) => members),
    { name: shortened(`${prefix}-edge`), services: outside, internal: false, talk: false },
  ];
}

function wholeSystem(plan: SystemPlan, prefix: string): Members {
  const internal = leadingOutside(plan).length === 0;
  return { name: shortened(prefix), services: plan.services.map(({ name }) => name), internal, talk: true };
}

/** The services that somebody outside reaches, or that reach something there. */
function leadingOutside({ services, externals }: SystemPlan): readonly string[] {
  const reaching = new Set(externals.map(({ from }) => from));
  const exposed = ({ ports }: ServicePlan): boolean =>
    Object.values(ports).some(({ exposure }) => exposure !== "internal");
  return services.filter((service) => exposed(service) || reaching.has(service.name)).map(({ name }) => name);
}

interface Size {
  readonly name: string;
  /** How many containers need an address. */
  readonly addresses: number;
}

/** The smallest network that is worth cutting has 8 addresses, of which containers get 5. */
const smallest = 8;

/**
 * A part of the pool for each network, found by a hash of its name: what is added to a system leaves the networks that it
 * has where they are, but for the rare case of two hashes that meet.
 */
export function assignSubnets(sizes: readonly Size[], pool: string): ReadonlyMap<string, string> {
  const available = parsePool(pool);
  const parts = sizes.map(({ name, addresses }) => ({
    name,
    // the network's own address, the broadcast address and the gateway come on top
    size: Math.max(smallest, 2 ** Math.ceil(Math.log2(addresses + 3))),
  }));
  // many small networks may leave no large part between them: then large ones choose first
  const assigned =
    assign(parts, available) ??
    assign(
      parts.toSorted((a, b) => b.size - a.size),
      available,
    );
  if (assigned === undefined) throw poolTooSmall(pool, sizes.length);
  return assigned;
}

function assign(
  parts: readonly { readonly name: string; readonly size: number }[],
  { first, size: available }: Block,
): ReadonlyMap<string, string> | undefined {
  const taken = new Set<number>();
  const assigned = new Map<string, string>();
  for (const { name, size } of parts) {
    const offset = freePart(hashNumber(name), size, available, taken);
    if (offset === undefined) return undefined;
    assigned.set(name, formatBlock({ first: first + offset, size }));
  }
  return assigned;
}

/** The first part of the size that is free, beginning at the hash; it is taken then. */
function freePart(hash: number, size: number, available: number, taken: Set<number>): number | undefined {
  const parts = Math.floor(available / size);
  for (let tried = 0; tried < parts; tried++) {
    const offset = ((hash + tried) % parts) * size;
    const blocks = Array.from({ length: size / smallest }, (_, index) => offset + index * smallest);
    if (blocks.some((block) => taken.has(block))) continue;
    for (const block of blocks) taken.add(block);
    return offset;
  }
  return undefined;
}

/** From 16 to 16 million addresses. */
const poolSizes = { least: 2 ** 4, most: 2 ** 24 };

function parsePool(pool: string): Block {
  const block = parseBlock(pool);
  if (block !== undefined && block.size >= poolSizes.least && block.size <= poolSizes.most) return block;
  throw new DescriptionError("docker target", [
    {
      path: "subnets",
      given: `is ${JSON.stringify(pool)}`,
      remedy: "use an IPv4 block of size /8 to /28 that begins at a multiple of its size, such as 10.200.0.0/13",
    },
  ]);
}

function poolTooSmall(pool: string, networks: number): DescriptionError {
  return new DescriptionError("docker target", [
    { path: "subnets", given: `is ${pool}, too small for ${networks} networks`, remedy: "use a larger block" },
  ]);
}
