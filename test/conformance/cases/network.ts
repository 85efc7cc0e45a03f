import assert from "node:assert/strict";
import { connect } from "node:net";
import type { ServicePlan } from "../../../components/index";
import { answer } from "../answer";
import { eventually } from "../eventually";
import type { Deployment } from "../harness/deployment";
import { machineAddresses } from "../harness/outside";
import { port } from "../programs/bench";
import { inTurns } from "../in-turns";
import type { Scene } from "../scene";

/** Who reaches whom: exactly what the description states. */
export function network(scene: Scene): void {
  const { exact } = scene.platform;

  describe("network", () => {
    scene.behaviour("ports", "lets every declared connection through, by name", async (deployment) => {
      const declared = pairsOf(deployment).filter((pair) => relationOf(deployment, pair) === "declared");
      assert.deepEqual(declared.map(({ from, to }) => `${from} to ${to}`).sort(), [
        "api to store",
        "door to api",
        "worker to store",
      ]);
      for (const { from, to } of declared) {
        for (const inside of await deployment.all(from)) {
          assert.equal(await inside.reaches(to, port), true, `${from} to ${to}`);
        }
      }
    });

    scene.behaviour("aliases", "leads to a service by its other names, too", async (deployment) => {
      for (const inside of await deployment.all("api")) assert.equal(await inside.reaches("warehouse", port), true);
    });

    const backwards = exact ? "nothing else" : "nothing else, but for calls back to a consumer";
    scene.behaviour("ports", `lets ${backwards}: every ordered pair, by name and by address`, async (deployment) => {
      const pairs = pairsOf(deployment);
      assert.equal(pairs.length, 8 * 7);
      // a few at a time from each service, which has room for few processes
      const looks = [...Map.groupBy(pairs, ({ from }) => from).values()].map((own) =>
        inTurns(own, 3, async (pair) => ((await isOpen(deployment, pair)) ? [pair] : [])),
      );
      const found = (await Promise.all(looks)).flat(2);
      const open = pairs.filter((pair) => found.includes(pair));
      const expected = pairs.filter((pair) => {
        const relation = relationOf(deployment, pair);
        return relation === "declared" || (relation === "backwards" && !exact);
      });
      assert.deepEqual(open, expected);
    });

    // where networks are shared, the machine is on each of them
    const reaching = exact ? "reach outside that say so" : "reach the machine that are on a network";
    scene.behaviour("ports", `lets those ${reaching}`, async (deployment) => {
      const { host, port: declared, otherPort } = deployment.outside;
      const lasting = servicesOf(deployment);
      const says = lasting.filter(({ name }) => deployment.plan().externals.some(({ from }) => from === name));
      assert.deepEqual(namesOf(says), ["worker"]);
      const onNetwork = await select(lasting, async ({ name }) => (await addressesOf(deployment, name)).length > 0);
      const reach = async (at: number) =>
        namesOf(await select(lasting, async ({ name }) => (await deployment.inside(name)).reaches(host, at)));
      assert.deepEqual(await reach(declared), namesOf(exact ? says : onNetwork));
      assert.deepEqual(await reach(otherPort), exact ? [] : namesOf(onNetwork));
    });

    const fromOutside = exact ? "anybody" : "anybody but the machine";
    scene.behaviour("ports", `keeps ${fromOutside} from reaching a service by its address`, async (deployment) => {
      const instances = (await Promise.all(servicesOf(deployment).map(({ name }) => deployment.all(name)))).flat();
      const reached = await select(instances, async (inside) => {
        const hostname = (await inside.run("hostname")).trim();
        const addresses = await deployment.live.addresses(inside.instance);
        // the same address may stand for something else here, so that it counts who answers
        const answers = addresses.map((address) => answer({ address, port }, "/cgi-bin/whoami").catch(() => ""));
        return (await Promise.all(answers)).some((each) => each.trim() === hostname);
      });
      const onNetwork = await select(
        instances,
        async ({ instance }) => (await deployment.live.addresses(instance)).length > 0,
      );
      assert.ok(onNetwork.length > 5);
      assert.deepEqual(
        reached.map(({ instance }) => instance.id),
        exact ? [] : onNetwork.map(({ instance }) => instance.id),
      );
    });

    scene.nativeBehaviour("ports.exposure", "shows a loopback port there and nowhere else", async (deployment) => {
      const published = await deployment.live.published("door");
      assert.deepEqual(published, [{ address: "127.0.0.1", port: deployment.hostPort }]);
      assert.equal(await connects("127.0.0.1", deployment.hostPort), true);
      const elsewhere = await select(machineAddresses(), (address) => connects(address, deployment.hostPort));
      assert.deepEqual(elsewhere, []);
    });

    scene.behaviour("ports.exposure", "answers other machines on a public port", async (deployment) => {
      const [place, ...others] = await deployment.live.published("slow");
      assert.ok(place !== undefined, "it is not published");
      assert.deepEqual(others, []);
      const [address = ""] = place.address === "0.0.0.0" ? machineAddresses() : [place.address];
      const hostname = (await (await deployment.inside("slow")).run("hostname")).trim();
      // an ingress controller takes a moment to take note of it
      await eventually(async () => {
        assert.equal((await answer({ ...place, address }, "/cgi-bin/whoami")).trim(), hostname);
      }, 10);
    });

    scene.behaviour("ports.exposure", "shows no internal port to the machine", async (deployment) => {
      const hidden = deployment.plan().services.filter(({ ports }) => ports["http"]?.exposure === "internal");
      const published = await select(hidden, async ({ name }) => (await deployment.live.published(name)).length > 0);
      assert.deepEqual(published, []);
      assert.equal(await connects("127.0.0.1", port), false);
    });

    scene.behaviour("replicas", "resolves a name to every replica, and all get traffic", async (deployment) => {
      const replicas = await deployment.all("api");
      assert.equal(replicas.length, 2);
      const hostnames = await Promise.all(replicas.map(async (replica) => (await replica.run("hostname")).trim()));
      const answers = await (await deployment.inside("door")).fetch(`http://api:${port}/cgi-bin/whoami`, 40);
      assert.deepEqual([...new Set(answers)].sort(), hostnames.sort());
    });
  });
}

type Relation = "declared" | "backwards" | "none";

interface Pair {
  readonly from: string;
  readonly to: string;
}

/** The services that keep running. */
function servicesOf(deployment: Deployment): readonly ServicePlan[] {
  return deployment.plan().services.filter(({ kind }) => kind === "service" || kind === "stateful");
}

/** Every ordered pair of them. */
function pairsOf(deployment: Deployment): readonly Pair[] {
  const names = namesOf(servicesOf(deployment));
  return names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
}

function relationOf(deployment: Deployment, { from, to }: Pair): Relation {
  const { connections } = deployment.plan();
  const declared = (consumer: string, provider: string): boolean =>
    connections.some((connection) => connection.from === consumer && connection.to === provider);
  return declared(from, to) ? "declared" : declared(to, from) ? "backwards" : "none";
}

/** Whether any copy of one reaches the other. Addresses are tried, too: what has no name somewhere may still have a route. */
async function isOpen(deployment: Deployment, { from, to }: Pair): Promise<boolean> {
  const hosts = [to, ...(await addressesOf(deployment, to))];
  const reached = (await deployment.all(from)).map((inside) => inside.reached(hosts, port));
  return (await Promise.all(reached)).flat().length > 0;
}

async function addressesOf(deployment: Deployment, service: string): Promise<readonly string[]> {
  const instances = await deployment.live.instances(service);
  return (await Promise.all(instances.map((instance) => deployment.live.addresses(instance)))).flat();
}

function namesOf(services: readonly { readonly name: string }[]): readonly string[] {
  return services.map(({ name }) => name);
}

async function select<Item>(items: readonly Item[], test: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const verdicts = await Promise.all(items.map(test));
  return items.filter((_, index) => verdicts[index]);
}

function connects(host: string, at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: at, timeout: 1000 });
    const end = (verdict: boolean) => () => {
      socket.destroy();
      resolve(verdict);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
