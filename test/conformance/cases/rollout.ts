import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { Run } from "../harness/pulumi";
import type { Deployment } from "../harness/deployment";
import { port } from "../programs/bench";
import type { Scene } from "../scene";

const api = `http://api:${port}/`;

/** How a service goes over to another version while others use it. */
export function rollout(scene: Scene): void {
  describe("rollout", () => {
    scene.nativeBehaviour("probes.ready", "sends nothing to a copy that is not ready", async (deployment) => {
      const door = await deployment.inside("door");
      const [copy] = await deployment.all("api");
      assert.ok(copy !== undefined);
      await copy.run("sh", "-c", "kill -STOP $(pidof httpd)");
      try {
        await eventually(async () => assert.equal(await door.refused(api, 20), 0), 10);
      } finally {
        await copy.run("sh", "-c", "kill -CONT $(pidof httpd)");
      }
    });

    scene.behaviour(
      "update",
      "serves on in the version before when the next one does not start [S1-05, S2-08]",
      async (deployment) => {
        const { run, refused } = await under(deployment, deployment.up({ api: { args: ["crash", "7"] } }));
        assert.notEqual(run.code, 0);
        assert.equal(refused, 0, `${refused} requests were refused`);
      },
    );

    scene.behaviour("update", "answers without a pause while it goes over to the next version", async (deployment) => {
      const { run, refused } = await under(deployment, deployment.up({ api: { env: { MARK: "next" } } }));
      assert.equal(run.code, 0, run.output);
      const copies = await deployment.all("api");
      assert.equal(copies.length, 2);
      for (const copy of copies) assert.equal((await copy.environment())["MARK"], "next");
      assert.equal(refused, 0, `${refused} requests were refused`);
    });
  });
}

/** How many requests of a consumer were refused while something ran. */
async function under(
  deployment: Deployment,
  running: Promise<Run>,
): Promise<{ readonly run: Run; readonly refused: number }> {
  const door = await deployment.inside("door");
  let ended = false;
  void running.finally(() => {
    ended = true;
  });
  let refused = 0;
  while (!ended) refused += await door.refused(api, 20);
  return { run: await running, refused };
}
