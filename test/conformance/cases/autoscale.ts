import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { Scene } from "../scene";

/** What a service under load gets, which its program puts on itself from its start. */
export function autoscaleUp(scene: Scene): void {
  describe("autoscaling", () => {
    scene.behaviour("autoscale", "adds a copy of a service that is under load", async (deployment) => {
      await eventually(
        async () => assert.equal((await deployment.all("elastic")).length, 2),
        Math.max(0, 90 - scene.secondsUp),
      );
      for (const elastic of await deployment.all("elastic")) await elastic.run("kill", "-USR2", "1");
    });
  });
}

/** What comes after the load, which takes a while that other cases can use. */
export function autoscaleBack(scene: Scene): void {
  describe("autoscaling after load", () => {
    scene.behaviour("autoscale", "removes the copy again when the load is over", async (deployment) => {
      const logs = await deployment.logs("elastic");
      assert.match(logs, /resting/, "it never had a second copy");
      await eventually(async () => assert.equal((await deployment.all("elastic")).length, 1), 120);
    });
  });
}
