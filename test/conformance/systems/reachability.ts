import assert from "node:assert/strict";
import type { ServicePlan } from "../../../components/core/plan-types";
import type { Platform } from "../harness/platform";
import type { Instance } from "../live-target";
import type { DeployedStack } from "./deployed-stack";
import type { DeployedSystem } from "./deployed-system";

/** A port of a service that runs, with everything by which it could be called. */
interface Place {
  readonly system: string;
  readonly service: string;
  readonly port: number;
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
    const look = (seen?: ReadonlySet<string>) =>
      inTurns(lookers, 6, (looker) => openFrom(looker, places, platform, seen)).then((ways) => ways.flat());
    // while others make networks, ways on Docker have been seen open for a moment: what is open once only is not a way
    open = await look(new Set(await look()));
  });

  for (const system of stack.systems.values())
    it(`${system.name}: every service reaches what it states, and nothing else of its system${backwards}`, async () => {
      const own = await placesOf(system);
      const running = new Set((await lookersOf(system)).map(({ service }) => service));
      const stated = system.plan.connections
        .filter(({ from, to, protocol }) => protocol === "tcp" && running.has(from) && running.has(to))
        .map(({ from, to, port }) => named(from, to, port, platform.exact));
      const allowed = platform.exact ? [] : [...callsBack(system, own), ...byDatagrams(system)];
      const seen = open
        .filter((way) => way.startsWith(`${system.name} ${system.name} `))
        .map((way) => way.split(" ").slice(2))
        .map(([from = "", to = "", port]) => named(from, to, Number(port), platform.exact));
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

/** Where networks are shared and not ports, it is the pair that counts. */
const named = (from: string, to: string, port: number, exact: boolean): string =>
  exact ? `${from} to ${to}:${port}` : `${from} to ${to}`;

/** The ways from a provider to a consumer that listens. */
function callsBack({ plan }: DeployedSystem, own: readonly Place[]): readonly string[] {
  return plan.connections.flatMap(({ from, to }) =>
    own.filter(({ service }) => service === from).map(({ port }) => named(to, from, port, false)),
  );
}

/** Who may send datagrams to another one reaches its other ports, too. */
function byDatagrams({ plan }: DeployedSystem): readonly string[] {
  return plan.connections
    .filter(({ protocol }) => protocol === "udp")
    .map(({ from, to, port }) => named(from, to, port, false));
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

/** Every port that is spoken to by TCP; whether somebody listens to a datagram cannot be asked. */
async function placesOf(system: DeployedSystem): Promise<readonly Place[]> {
  const found = lastingOf(system).map(async ({ name, ports }): Promise<readonly Place[]> => {
    const running = (await system.live.instances(name)).filter((instance) => instance.running);
    const addresses = (await Promise.all(running.map((instance) => system.live.addresses(instance)))).flat();
    if (addresses.length === 0) return [];
    return Object.values(ports)
      .filter(({ protocol }) => protocol === "tcp")
      .map(({ number }) => ({ system: system.name, service: name, port: number, addresses: [...new Set(addresses)] }));
  });
  return (await Promise.all(found)).flat();
}

/** Tries each line of what it is given, `way host port`, some at a time, and prints the ways that are open. */
const attempts = `
n=0
while [ $# -gt 0 ]; do
  (nc -w 2 "$2" "$3" -e true 2>/dev/null && echo "$1") &
  shift 3
  n=$((n + 1))
  [ $((n % 64)) -gt 0 ] || wait
done
wait`;

/** The ways from a service to others that are open, of those that are given, as `system system from to port`. */
async function openFrom(
  { system, service, instance }: Looker,
  places: readonly Place[],
  platform: Platform,
  given?: ReadonlySet<string>,
): Promise<readonly string[]> {
  const others = places.filter((place) => place.system !== system.name || place.service !== service);
  const tries = others.flatMap(({ system: of, service: to, port, addresses }) => {
    const hosts = of === system.name ? [to, ...addresses] : addresses;
    const way = `${system.name} ${of} ${service} ${to} ${port}`;
    return given?.has(way) === false ? [] : hosts.flatMap((host) => [way, host, String(port)]);
  });
  if (tries.length === 0) return [];
  const said = await platform.beside(instance, ["sh", "-c", attempts, "sh", ...tries]);
  return [...new Set(said.split("\n").filter((way) => way !== ""))];
}

/** Does something with each item, a few at a time. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) results.push(await act(item));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
