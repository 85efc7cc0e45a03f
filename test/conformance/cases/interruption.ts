import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import type { Scene } from "../scene";

/** A run that is ended in the middle, without any warning. */
export function interruption(scene: Scene): void {
  const seed = Number(process.env["TWOFOLD_SEED"] ?? randomInt(2 ** 31));

  describe(`interruption (TWOFOLD_SEED=${seed})`, () => {
    const random = generator(seed);
    for (let round = 1; round <= scene.platform.interruptions; round += 1) {
      // from nothing, and from what runs already
      const fresh = round % 2 === 1;
      const milliseconds = Math.round(500 + random() * (fresh ? 7500 : 4500));
      const title = `goes on after it was killed in ${fresh ? "its first run" : "a change"}`;

      scene.behaviour("image", title, async (deployment) => {
        const changed = { store: { env: { MARK: String(round) } }, client: { env: { MARK: String(round) } } };
        if (fresh) {
          const { code, output } = await deployment.destroy();
          assert.equal(code, 0, output);
          await deployment.requireGone();
        }
        await deployment.stack.upKilledAfter(milliseconds, deployment.env(changed));
        await deployment.stack.unlock();
        const { code, output } = await deployment.up(changed);
        assert.equal(code, 0, output);
        for (const service of ["store", "client"]) {
          const instances = await deployment.live.instances(service);
          assert.equal(instances.length, 1, service);
          assert.equal((await (await deployment.inside(service)).environment())["MARK"], String(round));
        }
        const objects = await deployment.live.objects();
        assert.deepEqual(objects, [...new Set(objects)], "something exists twice");
        assert.deepEqual((await deployment.up(changed)).steps, []);
        assert.equal(await (await deployment.inside("client")).reaches("store", 8731), true);
      });
    }
  });
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
