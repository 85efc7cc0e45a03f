import { BlockList, isIPv4 } from "node:net";
import { itemsAt, known, numberAt, textAt } from "./plain";
import type { StackFinding, Thing, View } from "./stack";

interface HostPort {
  readonly thing: Thing;
  readonly port: string;
  /** Empty means every address of the machine, or of every node. */
  readonly address: string;
}

/** Ports of the machine, or of every node, that two want. */
export function sharedHostPorts(view: View): readonly StackFinding[] {
  const published = view.running.flatMap(({ thing, workload }) =>
    thing.target === "docker"
      ? workload.published.flatMap(({ number, protocol, address }) =>
          typeof address === "symbol" ? [] : [{ thing, port: `${number}/${protocol}`, address: anywhere(address) }],
        )
      : [],
  );
  const nodePorts = view.ofKind("Service").flatMap((thing) =>
    itemsAt(thing.plain, "spec", "ports").flatMap((port) => {
      const [protocol = "TCP"] = known(textAt(port, "protocol"));
      return known(numberAt(port, "nodePort")).map((number) => ({
        thing,
        port: `node ${number}/${protocol}`,
        address: "",
      }));
    }),
  );
  return pairsOf<HostPort>([...published, ...nodePorts], (one, other) => {
    const meet = one.address === "" || other.address === "" || one.address === other.address;
    return one.port === other.port && meet;
  }).map(([one, other]) => ({
    on: other.thing.resource,
    message: `wants port ${other.port}, which ${one.thing.name} has`,
  }));
}

function anywhere(address: string | undefined): string {
  return address === undefined || address === "0.0.0.0" || address === "::" ? "" : address;
}

/** Networks of Docker whose addresses overlap. */
export function sharedSubnets(view: View): readonly StackFinding[] {
  const ranges = view
    .ofKind("Network", "docker")
    .flatMap((thing) =>
      itemsAt(thing.plain, "ipamConfigs").flatMap((config) =>
        known(textAt(config, "subnet")).map((subnet) => ({ thing, subnet })),
      ),
    );
  return pairsOf(ranges, (one, other) => one.thing !== other.thing && overlap(one.subnet, other.subnet)).map(
    ([one, other]) => ({
      on: other.thing.resource,
      message: `has ${other.subnet}, which overlaps ${one.subnet} of ${one.thing.name}`,
    }),
  );
}

/** Two blocks overlap when one of them holds where the other begins. */
function overlap(one: string, other: string): boolean {
  return holds(one, other) || holds(other, one);
}

function holds(block: string, other: string): boolean {
  const [address = "", prefix] = block.split("/");
  const [begin = ""] = other.split("/");
  if (isIPv4(address) !== isIPv4(begin)) return false;
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family);
  return list.check(begin, family);
}

function pairsOf<Item>(items: readonly Item[], isPair: (one: Item, other: Item) => boolean): readonly [Item, Item][] {
  return items.flatMap((other, index) =>
    items
      .slice(0, index)
      .filter((one) => isPair(one, other))
      .map((one): [Item, Item] => [one, other]),
  );
}
