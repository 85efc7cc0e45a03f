import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import { moment } from "../cases/lifecycle";
import { eventually } from "../eventually";
import type { Deployment } from "../harness/deployment";
import type { Instance } from "../live-target";
import { port } from "../programs/bench";
import type { Scene } from "../scene";
import { cluster } from "./cluster";
import { placeOf } from "./live-kubernetes";

/** What happens when pods are taken away. */
export function disruption(scene: Scene): void {
  describe("disruption", () => {
    scene.behaviour("replicas", "lets a node be emptied of one copy at a time", async (deployment) => {
      const door = await deployment.inside("door");
      const [first, second] = await running(deployment, "api", 2);
      assert.equal(await evict(first), "evicted");
      assert.equal(await evict(second), "refused");
      assert.equal(await door.reaches("api", port), true);
      await eventually(async () => assert.equal(await evict(second), "evicted"), 60);
      const after = await eventually(() => running(deployment, "api", 2), 60);
      assert.equal(
        after.some(({ id }) => id === first.id || id === second.id),
        false,
      );
    });

    scene.behaviour(
      "volumes",
      "keeps the data of a pod that is deleted, and its consumers find the next",
      async (deployment) => {
        const store = await deployment.inside("store");
        await store.run("sh", "-c", "echo deleted >/data/note");
        await deployment.live.stop(store.instance);
        await eventually(async () => {
          const [next] = await running(deployment, "store", 1);
          assert.notEqual(next.id, store.instance.id);
          assert.equal((await (await deployment.inside("store")).file("/data/note")).content, "deleted\n");
          for (const api of await deployment.all("api")) assert.equal(await api.reaches("store", port), true);
        }, 60);
      },
    );

    scene.behaviour(
      "volumes.sizeMiB",
      "asks for a volume of the size, and its storage class has the say",
      async (deployment) => {
        const { namespace } = placeOf((await deployment.inside("store")).instance);
        const { items } = await cluster().core.listNamespacedPersistentVolumeClaim({ namespace });
        assert.deepEqual(
          items.map(({ spec }) => spec?.resources?.requests),
          [{ storage: "1Mi" }],
        );
      },
    );

    scene.behaviour(
      "probes.ready",
      "holds a consumer back when it and its provider are deleted at once",
      async (deployment) => {
        const pods = (await Promise.all(["store", "api"].map((name) => deployment.live.instances(name)))).flat();
        assert.equal(pods.length, 3);
        await Promise.all(pods.map((pod) => remove(pod)));
        await eventually(() => running(deployment, "api", 2), 120);
        const serving = await moment(deployment, "store", /serving on/);
        for (const { instance } of await deployment.all("api")) {
          const started = Number((await deployment.live.logs(instance)).split(" ")[0]);
          assert.ok(started > serving, `it started at ${started}, the store served at ${serving}`);
        }
      },
    );
  });
}

/** The copies of a service, so many of which must run. */
async function running(deployment: Deployment, service: string, count: 1): Promise<readonly [Instance]>;
async function running(deployment: Deployment, service: string, count: 2): Promise<readonly [Instance, Instance]>;
async function running(deployment: Deployment, service: string, count: number): Promise<readonly Instance[]> {
  const instances = (await deployment.live.instances(service)).filter(({ running }) => running);
  assert.equal(instances.length, count, `${instances.length} copies of ${service} run`);
  return instances;
}

/** Asks for a pod to be moved, as whoever empties a node does. */
async function evict(instance: Instance): Promise<"evicted" | "refused"> {
  const { namespace, name } = placeOf(instance);
  try {
    await cluster().core.createNamespacedPodEviction({ namespace, name, body: { metadata: { namespace, name } } });
    return "evicted";
  } catch (error) {
    // what a budget answers
    if (error instanceof ApiException && error.code === 429) return "refused";
    throw error;
  }
}

/** Takes a pod away without any warning, as a node that fails does. */
async function remove(instance: Instance): Promise<void> {
  const { namespace, name } = placeOf(instance);
  await cluster().core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 });
}
