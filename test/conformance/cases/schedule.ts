import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { Scene } from "../scene";

/** What happens at set times. */
export function schedule(scene: Scene): void {
  describe("schedule", () => {
    scene.behaviour("schedule", "runs a job in each minute that its schedule names", async (deployment) => {
      await eventually(
        async () => {
          const runs = await deployment.live.instances("minutely");
          assert.ok(
            runs.some(({ exitCode }) => exitCode === 0),
            "no run has ended",
          );
        },
        Math.max(0, 70 - scene.secondsUp),
      );
    });
  });
}
