import assert from "node:assert/strict";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import type { SystemPlan } from "../../../components/index";
import type { Deployment } from "../harness/deployment";
import { port } from "../programs/bench";
import type { Scene } from "../scene";

/** Who reaches whom: exactly what the description states. */
export function network(scene: Scene): void {
  describe("network", () => {
    scene.behaviour("ports", "lets every declared connection through, by name", async (deployment) => {
      const declared = deployment.plan().connections.filter(({ to }) => stays(deployment.plan(), to));
      assert.deepEqual(
        declared.map(({ from, to }) => `${from} to ${to}`),
        ["api to store", "door to api", "worker to store"],
      );
      const refused = await select(
        declared,
        async ({ from, to, port }) => !(await reaches(deployment, from, to, port)),
      );
      assert.deepEqual(refused, []);
    });

    scene.behaviour(
      "ports",
      "lets no two others reach each other, neither by name nor by address",
      async (deployment) => {
        const { plan, pairs } = undeclaredPairs(deployment);
        const unrelated = pairs.filter(({ from, to }) => !connected(plan, to, from));
        assert.equal(unrelated.length, 14);
        const open = await select(unrelated, ({ from, to }) => reaches(deployment, from, to, port));
        assert.deepEqual(open, []);
      },
    );

    const direction = scene.platform.oneWay ? "lets no provider open" : "does not keep a provider from opening";
    scene.behaviour("ports", `${direction} a connection back to its consumer`, async (deployment) => {
      const { plan, pairs } = undeclaredPairs(deployment);
      const backwards = pairs.filter(({ from, to }) => connected(plan, to, from));
      assert.equal(backwards.length, 3);
      const open = await select(backwards, ({ from, to }) => reaches(deployment, from, to, port));
      assert.deepEqual(open, scene.platform.oneWay ? [] : backwards);
    });

    scene.behaviour(
      "ports.exposure",
      "shows an exposed port on the loopback address and nowhere else",
      async (deployment) => {
        const published = await deployment.live.published("door");
        assert.deepEqual(published, [{ address: "127.0.0.1", port: deployment.hostPort }]);
        assert.equal(await connects("127.0.0.1", deployment.hostPort), true);
        const elsewhere = await select(otherAddresses(), (address) => connects(address, deployment.hostPort));
        assert.deepEqual(elsewhere, []);
      },
    );

    scene.behaviour("ports.exposure", "shows no internal port to the machine", async (deployment) => {
      const internal = deployment.plan().services.filter(({ ports }) => ports["http"]?.exposure === "internal");
      const published = await select(internal, async ({ name }) => (await deployment.live.published(name)).length > 0);
      assert.deepEqual(published, []);
      assert.equal(await connects("127.0.0.1", port), false);
    });

    scene.behaviour("replicas", "resolves a name to every replica, and all of them get traffic", async (deployment) => {
      const replicas = await deployment.all("api");
      assert.equal(replicas.length, 2);
      const hostnames = await Promise.all(replicas.map(async (replica) => (await replica.run("hostname")).trim()));
      const door = await deployment.inside("door");
      const answers = new Set<string>();
      for (let request = 0; request < 40; request += 1)
        answers.add(await door.fetch(`http://api:${port}/cgi-bin/whoami`));
      assert.deepEqual([...answers].sort(), hostnames.sort());
    });
  });
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

function connected(plan: SystemPlan, from: string, to: string): boolean {
  return plan.connections.some((connection) => connection.from === from && connection.to === to);
}

/** Whether a service keeps running, so that it can be reached at all. */
function stays(plan: SystemPlan, name: string): boolean {
  return plan.services.some((service) => service.name === name && ["service", "stateful"].includes(service.kind));
}

function undeclaredPairs(deployment: Deployment): { plan: SystemPlan; pairs: readonly Pair[] } {
  const plan = deployment.plan();
  const names = plan.services.map(({ name }) => name).filter((name) => stays(plan, name));
  const ordered = names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
  return { plan, pairs: ordered.filter(({ from, to }) => !connected(plan, from, to)) };
}

/** Tries the name and every address of every copy, because what has no name there may still have a route. */
async function reaches(deployment: Deployment, from: string, to: string, at: number): Promise<boolean> {
  const inside = await deployment.inside(from);
  const instances = await deployment.live.instances(to);
  const addresses = await Promise.all(instances.map((instance) => deployment.live.addresses(instance)));
  const found = await Promise.all([to, ...addresses.flat()].map((host) => inside.reaches(host, at)));
  return found.includes(true);
}

async function select<Item>(items: readonly Item[], test: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const verdicts = await Promise.all(items.map(test));
  return items.filter((_, index) => verdicts[index]);
}

function otherAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ family, address }) => family === "IPv4" && address !== "127.0.0.1")
    .map(({ address }) => address);
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
