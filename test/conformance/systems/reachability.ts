import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { ServicePlan } from "../../../components/core/plan-types";
import type { Platform } from "../harness/platform";
import { inTurns } from "../in-turns";
import type { Instance } from "../live-target";
import { receiverIn } from "./datagrams";
import type { DeployedStack } from "./deployed-stack";
import type { DeployedSystem } from "./deployed-system";

/** A port of a service that runs, with everything by which it could be called. */
interface Place {
  readonly system: DeployedSystem;
  readonly service: ServicePlan;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly addresses: readonly string[];
}

/** A service that runs, and one of its instances to look from. */
interface Looker {
  readonly system: DeployedSystem;
  readonly service: string;
  readonly instance: Instance;
}

/** Who reaches whom: in each system exactly what its description states, and nothing of another system. */
export function itReachesWhatItStates(stack: DeployedStack, platform: Platform): void {
  const backwards = platform.exact ? "" : ", but for calls back to a consumer";
  let open: readonly string[];

  before(async function () {
    this.timeout(600_000);
    const systems = [...stack.systems.values()];
    const places = (await Promise.all(systems.map(placesOf))).flat();
    const lookers = (await Promise.all(systems.map(lookersOf))).flat();
    assert.ok(places.length > 3 && lookers.length > 3, "there is nearly nothing to be seen");
    const look = async (given?: ReadonlySet<string>): Promise<readonly string[]> => {
      const round = randomBytes(4).toString("hex");
      const asked =
        given === undefined ? places : places.filter((place) => [...given].some((way) => leadsTo(way, place)));
      const answered = await inTurns(lookers, 6, (looker) =>
        openFrom(looker, { places: asked, round, given }, platform),
      );
      return [...answered.flat(), ...(await arrived(asked, round))];
    };
    const first = await look();
    // while others make networks, ways on Docker have been seen open for a moment, and what a busy machine answers comes too late
    // at times: what surprises is looked at again
    const odd = first.filter((way) => !isBetweenPartners(way, systems));
    const missed = systems.flatMap(statedBy).filter((way) => !first.includes(way));
    open = [...first.filter((way) => !odd.includes(way)), ...(await look(new Set([...odd, ...missed])))];
  });

  for (const system of stack.systems.values())
    it(`${system.name}: every service reaches what it states, and nothing else of its system${backwards}`, async () => {
      const running = new Set((await lookersOf(system)).map(({ service }) => service));
      const stated = system.plan.connections
        .filter(({ from, to }) => running.has(from) && running.has(to))
        .map(({ from, to, port, protocol }) => named(from, to, `${port}/${protocol}`, platform.exact));
      const allowed = platform.exact ? [] : sharing(system);
      const seen = open
        .filter((way) => way.startsWith(`${system.name} ${system.name} `))
        .map((way) => way.split(" ").slice(2))
        .map(([from = "", to = "", port = ""]) => named(from, to, port, platform.exact));
      assert.deepEqual(
        [...new Set(stated)].filter((way) => !seen.includes(way)),
        [],
        "stated, and not open",
      );
      assert.deepEqual(
        [...new Set(seen)].filter((way) => !stated.includes(way) && !allowed.includes(way)),
        [],
        "open, and not stated",
      );
    });

  it("reaches nothing of another system", () => {
    assert.deepEqual(
      open.filter((way) => {
        const [from, to] = way.split(" ");
        return from !== to;
      }),
      [],
    );
  });
}

/** Whether a connection joins the two ends of a way, whichever of them states it. */
function isBetweenPartners(way: string, systems: readonly DeployedSystem[]): boolean {
  const [of, at, ...ends] = way.split(" ");
  const connections = systems.find(({ name }) => name === of)?.plan.connections ?? [];
  return of === at && connections.some(({ from, to }) => ends.includes(from) && ends.includes(to));
}

/** The ways that a system states. */
function statedBy({ name, plan }: DeployedSystem): readonly string[] {
  return plan.connections.map(({ from, to, port, protocol }) => `${name} ${name} ${from} ${to} ${port}/${protocol}`);
}

/** Where networks are shared and not ports, it is the pair that counts, and that it is spoken to in this way at all. */
const named = (from: string, to: string, port: string, exact: boolean): string =>
  exact ? `${from} to ${to}:${port}` : pair(from, to, port.split("/")[1]);

const pair = (from: string, to: string, protocol = ""): string => `${from} to ${to} by ${protocol}`;

/** Whoever shares a network can speak to the other one in every way, a provider to its consumer, too. */
function sharing({ plan }: DeployedSystem): readonly string[] {
  return plan.connections.flatMap(({ from, to }) =>
    ["tcp", "udp"].flatMap((protocol) => [pair(from, to, protocol), pair(to, from, protocol)]),
  );
}

/** The services of a system that keep running, as far as they do. */
function lastingOf({ plan }: DeployedSystem): readonly ServicePlan[] {
  return plan.services.filter(({ kind }) => kind === "service" || kind === "stateful");
}

async function lookersOf(system: DeployedSystem): Promise<readonly Looker[]> {
  const found = lastingOf(system).map(async ({ name }): Promise<readonly Looker[]> => {
    const [instance] = (await system.live.instances(name)).filter(({ running }) => running);
    return instance === undefined ? [] : [{ system, service: name, instance }];
  });
  return (await Promise.all(found)).flat();
}

/** Every port of what runs. */
async function placesOf(system: DeployedSystem): Promise<readonly Place[]> {
  const found = lastingOf(system).map(async (service): Promise<readonly Place[]> => {
    const running = (await system.live.instances(service.name)).filter((instance) => instance.running);
    const all = (await Promise.all(running.map((instance) => system.live.addresses(instance)))).flat();
    const addresses = [...new Set(all)];
    if (addresses.length === 0) return [];
    return Object.values(service.ports).map(({ number, protocol }) => {
      return { system, service, port: number, protocol, addresses };
    });
  });
  return (await Promise.all(found)).flat();
}

/** Tries each line of what it is given, `protocol way-or-datagram host port`, some at a time, and prints the ways that answered. */
const attempts = `
n=0
while [ $# -gt 0 ]; do
  case $1 in
    tcp) (nc -w 2 "$3" "$4" -e true 2>/dev/null && echo "$2") & ;;
    udp) (printf %s "$2" | nc.traditional -u -q 0 "$3" "$4" 2>/dev/null) & ;;
  esac
  shift 4
  n=$((n + 1))
  [ $((n % 64)) -gt 0 ] || wait
done
wait`;

interface Look {
  readonly places: readonly Place[];
  /** Marks the datagrams. */
  readonly round: string;
  /** The ways to try. @default - all */
  readonly given: ReadonlySet<string> | undefined;
}

/** A way from a service of a system to a place, as `system system from to port`. */
const wayTo = ({ system, service, port, protocol }: Place, of: string, from: string): string =>
  `${of} ${system.name} ${from} ${service.name} ${port}/${protocol}`;

function leadsTo(way: string, { system, service, port, protocol }: Place): boolean {
  const [, at, , to, spoken] = way.split(" ");
  return at === system.name && to === service.name && spoken === `${port}/${protocol}`;
}

/** The ways from a service to others that answer; a datagram is sent on those that cannot. */
async function openFrom(
  { system, service, instance }: Looker,
  { places, round, given }: Look,
  platform: Platform,
): Promise<readonly string[]> {
  const others = places.filter((place) => place.system !== system || place.service.name !== service);
  const tries = others.flatMap((place) => {
    const { system: of, service: to, port, protocol, addresses } = place;
    const hosts = of === system ? [to.name, ...addresses] : addresses;
    const way = wayTo(place, system.name, service);
    const said = protocol === "tcp" ? way : receiverIn(to).datagram(round, `${system.name}_${service}`);
    return given?.has(way) === false ? [] : hosts.flatMap((host) => [protocol, said, host, String(port)]);
  });
  if (tries.length === 0) return [];
  const said = await platform.beside(instance, ["sh", "-c", attempts, "sh", ...tries]);
  return [...new Set(said.split("\n").filter((way) => way !== ""))];
}

/** The ways on which datagrams of a round came, as those who get them tell. */
async function arrived(places: readonly Place[], round: string): Promise<readonly string[]> {
  const told = places.map(async (place) => {
    if (place.protocol !== "udp") return [];
    const senders = await receiverIn(place.service).senders(place.system, place.service.name, round);
    return senders.map((sender) => {
      const [of = "", from = ""] = sender.split("_");
      return wayTo(place, of, from);
    });
  });
  return (await Promise.all(told)).flat();
}
