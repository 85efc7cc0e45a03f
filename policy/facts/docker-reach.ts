import { isCarrier } from "./docker";
import { at, hasPending, itemsAt, pending, textAt } from "./plain";
import type { StackFinding, System, Thing, View } from "./stack";

interface Member {
  readonly thing: Thing;
  /** Name of the service, or of the container where it is none's. */
  readonly name: string;
  readonly system: System | undefined;
}

/** Networks on which containers meet that were not declared to, and declared connections for which there is none. */
export function strayOnDocker(view: View): readonly StackFinding[] {
  const networks = view.ofKind("Network", "docker").map((network) => ({ network, members: membersOf(network, view) }));
  return [
    ...networks
      .filter(({ network }) => canTalk(network))
      .flatMap(({ network, members }) => undeclared(network, members)),
    ...view.systems.flatMap((system) => (system.target === "docker" ? missing(system, networks, view) : [])),
  ];
}

/** The option of Docker's bridge that keeps the members of a network from each other. */
const separation = "com.docker.network.bridge.enable_icc";

/** Whether members reach each other. The option is the driver's, and there where it was set. */
function canTalk({ plain }: Thing): boolean {
  const talk = textAt(plain, "options", separation);
  return talk !== "false" && talk !== pending;
}

function membersOf(network: Thing, view: View): readonly Member[] {
  return view
    .ofKind("Container", "docker")
    .filter((thing) => !isCarrier(thing.plain) && isOn(thing, network))
    .map((thing) => {
      const service = view.services.find(({ things }) => things.includes(thing));
      return { thing, name: service?.outline.name ?? thing.name, system: service?.system };
    });
}

/** A program names a network by its id, which a preview does not know: then it is known where the id comes from. */
function isOn({ plain, resource }: Thing, network: Thing): boolean {
  if (resource.uses?.["networksAdvanced"]?.includes(network.resource.urn) === true) return true;
  const names = [network.name, textAt(network.resource.outputs, "id")].filter((name) => typeof name === "string");
  return itemsAt(plain, "networksAdvanced").some((each) => names.includes(String(textAt(each, "name"))));
}

function undeclared({ resource }: Thing, members: readonly Member[]): readonly StackFinding[] {
  const pairs = members.flatMap((one, index) =>
    members
      .slice(index + 1)
      .filter((other) => other.name !== one.name && !isDeclared(one, other))
      .map((other) => `${one.name} and ${other.name}`),
  );
  return pairs.length === 0
    ? []
    : [{ on: resource, message: `lets ${some(pairs)} reach each other, which is not declared` }];
}

function isDeclared(one: Member, other: Member): boolean {
  return (
    one.system !== undefined &&
    one.system === other.system &&
    one.system.outline.connections.some(
      ({ from, to }) => (from === one.name && to === other.name) || (from === other.name && to === one.name),
    )
  );
}

const shown = 3;

function some(pairs: readonly string[]): string {
  const names = [...new Set(pairs)];
  const more = names.length - shown;
  return more > 0 ? `${names.slice(0, shown).join(", ")} and ${more} more pairs` : names.join(", ");
}

function missing(
  system: System,
  networks: readonly { readonly network: Thing; readonly members: readonly Member[] }[],
  view: View,
): readonly StackFinding[] {
  const named = (name: string) => view.services.find((each) => each.system === system && each.outline.name === name);
  return system.outline.connections.flatMap(({ from, to }): StackFinding[] => {
    const [client, server] = [named(from), named(to)];
    if (client === undefined || server === undefined || from === to) return [];
    const runs = [client, server].map(({ things }) =>
      things.filter(({ kind, plain }) => kind === "Container" && !isCarrier(plain)),
    );
    // what is left out has no container, and what a preview does not know may be there
    if (runs.some((things) => things.length === 0 || things.some(isUncertain))) return [];
    const meet = networks.some(
      ({ network, members }) =>
        textAt(network.plain, "options", separation) !== "false" &&
        [from, to].every((name) => members.some((member) => member.system === system && member.name === name)),
    );
    return meet
      ? []
      : [{ on: client.resource, message: `shares no network with ${to}, although it is declared to connect` }];
  });
}

function isUncertain({ plain, resource }: Thing): boolean {
  return resource.uses?.["networksAdvanced"] === undefined && hasPending(at(plain, "networksAdvanced"));
}
