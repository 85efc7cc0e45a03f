import { sharedHostPorts, sharedSubnets } from "../facts/addresses";
import { isCarrier } from "../facts/docker";
import { at, hasPending, itemsAt, textAt } from "../facts/plain";
import { overdrawn } from "../facts/pools";
import { both, docker, type Rule } from "./rule";

/** What several containers share, of which there is only so much. */
export const sharingRules: readonly Rule[] = [
  {
    of: "stack",
    id: "pids-limit",
    title: "A container has a limit of processes",
    severity: "medium",
    targets: docker,
    why: "A loop that starts processes takes those of the whole machine.",
    remedy:
      "Describe the container as a service, whose limit is set when it starts; else set the ulimit nproc or a cgroupParent with a limit.",
    example: "resources: { pids: 256 }",
    references: { cisDocker: ["5.29"] },
    blind:
      "the limit itself, for which the provider has no input: that of a described service is taken from its outline",
    check: (view) => {
      const described = new Set(
        view.services.flatMap(({ things, outline }) => (outline.resources.pids > 0 ? things : [])),
      );
      return view
        .ofKind("Container", "docker")
        .filter((thing) => !described.has(thing) && !isCarrier(thing.plain) && !hasProcessLimit(thing.plain))
        .map(({ resource }) => ({ on: resource, message: "may start any number of processes" }));
    },
  },
  {
    of: "stack",
    id: "one-system-per-host-port",
    title: "A port of the machine belongs to one container",
    severity: "high",
    targets: both,
    why: "Of two that want it, the second does not start.",
    remedy: "Give each system another hostPortBase.",
    example: "hostPortBase: { algo-trading: 10000 }",
    references: {},
    check: sharedHostPorts,
  },
  {
    of: "stack",
    id: "one-system-per-subnet",
    title: "A range of addresses belongs to one network",
    severity: "high",
    targets: docker,
    why: "Docker refuses a network whose addresses are taken, and routes those of two engines to the wrong one.",
    remedy: "Give each stack another range in subnets.",
    example: "subnets: 10.202.0.0/16",
    references: {},
    blind: "networks of other stacks on the same machine",
    check: sharedSubnets,
  },
  {
    of: "stack",
    id: "connection-budget",
    title: "A database has connections for all of its clients",
    severity: "high",
    targets: both,
    why: "On the day with all replicas the last ones are refused, in the middle of the load.",
    remedy: "Make the pools smaller, put a pooler between, or raise max_connections.",
    example: "DATABASE_POOL_SIZE=10 in 4 replicas, with max_connections=100",
    references: {},
    blind:
      "pools that no variable such as DATABASE_POOL_SIZE or DB_MAX_OVERFLOW states as a number, clients that are not declared, and max_connections in a configuration file: PostgreSQL's 100 or MySQL's 151 are assumed where the arguments name none",
    check: overdrawn,
  },
];

function hasProcessLimit(plain: unknown): boolean {
  const ulimits = itemsAt(plain, "ulimits").map((each) => textAt(each, "name"));
  return ulimits.includes("nproc") || hasPending(at(plain, "ulimits")) || at(plain, "cgroupParent") !== undefined;
}
