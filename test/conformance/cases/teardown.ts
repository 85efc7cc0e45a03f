import assert from "node:assert/strict";
import type { Scene } from "../scene";

/** What is left at the end. */
export function teardown(scene: Scene): void {
  describe("teardown", () => {
    scene.behaviour(
      "shutdown",
      "lets every service finish by itself, and leaves nothing behind",
      async (deployment) => {
        const running = (await Promise.all(["api", "door", "outsider"].map((name) => deployment.all(name)))).flat();
        assert.equal(running.length, 4);
        const logs = await Promise.all(running.map(({ instance }) => deployment.live.follow(instance)));
        assert.notDeepEqual(await deployment.live.objects(), []);
        const { code, output } = await deployment.destroy();
        assert.equal(code, 0, output);
        for (const { ended } of logs) assert.match(await ended, /last words: done\n$/);
        await deployment.requireGone();
      },
    );
  });
}

/** What is left when some of it should be. */
export function keeping(scene: Scene): void {
  describe("keeping", () => {
    scene.behaviour("volumes", "leaves exactly the volumes behind that are to be kept", async (deployment) => {
      const kept = { store: { volumes: { data: { path: "/data", keep: true } } } };
      const up = await deployment.up(kept);
      assert.equal(up.code, 0, up.output);
      const { code, output } = await deployment.destroy(kept);
      assert.equal(code, 0, output);
      const left = await deployment.live.objects();
      const [volume, ...others] = left.filter((object) => !object.startsWith("namespace "));
      assert.match(volume ?? "", /^volume .*(store.*data|data.*store)/);
      assert.deepEqual(others, []);
    });
  });
}
