import assert from "node:assert/strict";
import { type Feature, features } from "../../components/core/gaps";
import { changes } from "./cases/changes";
import { confinement } from "./cases/confinement";
import { failures } from "./cases/failures";
import { inputs } from "./cases/inputs";
import { interruption } from "./cases/interruption";
import { lifecycle } from "./cases/lifecycle";
import { network } from "./cases/network";
import { schedule } from "./cases/schedule";
import { keeping, teardown } from "./cases/teardown";
import type { Platform } from "./harness/platform";
import { coveredFeatures, Scene } from "./scene";

/** Features without a case here, and where they are looked at instead. */
const elsewhere: Partial<Record<Feature, string>> = {
  autoscale: "takes minutes of load to see; the rendered object is compared in test/golden",
  "security.appArmor": "needs a kernel with AppArmor; the rendered option is compared in test/golden",
  metrics: "is read by a monitoring service of the system, not by the platform",
  alerts: "is read by a monitoring service of the system, not by the platform",
};

/** The behaviours of a platform; every platform gets the same. */
export function conformance(platform: Platform): void {
  describe(`behaviour on ${platform.id}`, function () {
    this.timeout(180_000);

    before(async function () {
      const missing = await platform.missing();
      if (missing === undefined) return;
      console.log(`    skipped: ${missing}`);
      this.skip();
    });

    describe("with a system deployed", () => {
      const bench = new Scene(platform, "bench");
      for (const cases of [network, inputs, confinement, lifecycle]) cases(bench);

      describe("beside another one", () => {
        const pair = new Scene(platform, "pair");
        for (const cases of [changes, failures, interruption, keeping]) cases(pair);
      });

      schedule(bench);
      teardown(bench);
    });

    it("is looked at for every feature of the table", () => {
      const without = Object.keys(features).filter((name) => !coveredFeatures.has(name as Feature));
      assert.deepEqual(without, Object.keys(elsewhere));
    });
  });
}
