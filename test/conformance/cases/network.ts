import assert from "node:assert/strict";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import type { Deployment } from "../harness/deployment";
import { port } from "../programs/bench";
import type { Scene } from "../scene";

/** Who reaches whom: exactly what the description states. */
export function network(scene: Scene): void {
  describe("network", () => {
    scene.behaviour("ports", "lets every declared connection through, by name", async (deployment) => {
      const declared = pairsOf(deployment, "declared");
      assert.deepEqual(declared.map(({ from, to }) => `${from} to ${to}`).sort(), [
        "api to store",
        "door to api",
        "worker to store",
      ]);
      for (const { from, to } of declared) {
        assert.equal(await (await deployment.inside(from)).reaches(to, port), true, `${from} to ${to}`);
      }
    });

    scene.behaviour("ports", "lets no two others reach each other, by name or by address", async (deployment) => {
      const unrelated = pairsOf(deployment, "none");
      assert.equal(unrelated.length, 36);
      assert.deepEqual(await open(deployment, unrelated), []);
    });

    const direction = scene.platform.oneWay ? "lets no provider open" : "does not keep a provider from opening";
    scene.behaviour("ports", `${direction} a connection back to its consumer`, async (deployment) => {
      const backwards = pairsOf(deployment, "backwards");
      assert.equal(backwards.length, 3);
      assert.deepEqual(await open(deployment, backwards), scene.platform.oneWay ? [] : backwards);
    });

    scene.behaviour("ports.exposure", "shows a loopback port there and nowhere else", async (deployment) => {
      const published = await deployment.live.published("door");
      assert.deepEqual(published, [{ address: "127.0.0.1", port: deployment.hostPort }]);
      assert.equal(await connects("127.0.0.1", deployment.hostPort), true);
      const elsewhere = await select(otherAddresses(), (address) => connects(address, deployment.hostPort));
      assert.deepEqual(elsewhere, []);
    });

    scene.behaviour("ports.exposure", "shows no internal port to the machine", async (deployment) => {
      const internal = deployment.plan().services.filter(({ ports }) => ports["http"]?.exposure === "internal");
      const published = await select(internal, async ({ name }) => (await deployment.live.published(name)).length > 0);
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

/** The ordered pairs of services that keep running, as far as they are so related. */
function pairsOf(deployment: Deployment, relation: Relation): readonly Pair[] {
  const { services, connections } = deployment.plan();
  const declared = (from: string, to: string): boolean =>
    connections.some((connection) => connection.from === from && connection.to === to);
  const relationOf = ({ from, to }: Pair): Relation =>
    declared(from, to) ? "declared" : declared(to, from) ? "backwards" : "none";
  const names = services.filter(({ kind }) => kind === "service" || kind === "stateful").map(({ name }) => name);
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
  return pairs.filter((pair) => relationOf(pair) === relation);
}

/** Which pairs reach each other. Addresses are tried, too: what has no name somewhere may still have a route. */
function open(deployment: Deployment, pairs: readonly Pair[]): Promise<readonly Pair[]> {
  return select(pairs, async ({ from, to }) => {
    const instances = await deployment.live.instances(to);
    const addresses = await Promise.all(instances.map((instance) => deployment.live.addresses(instance)));
    const inside = await deployment.inside(from);
    return (await inside.reached([to, ...addresses.flat()], port)).length > 0;
  });
}

async function select<Item>(items: readonly Item[], test: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const verdicts = await Promise.all(items.map(test));
  return items.filter((_, index) => verdicts[index]);
}

function otherAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ family, address }) => (family === "IPv4" && address !== "127.0.0.1" ? [address] : []));
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
