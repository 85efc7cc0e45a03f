import assert from "node:assert/strict";
import { autoscaleBack, autoscaleUp } from "./cases/autoscale";
import { changes } from "./cases/changes";
import { confinement } from "./cases/confinement";
import { failures } from "./cases/failures";
import { inputs } from "./cases/inputs";
import { interruption } from "./cases/interruption";
import { lifecycle } from "./cases/lifecycle";
import { network } from "./cases/network";
import { rollout } from "./cases/rollout";
import { schedule } from "./cases/schedule";
import { keeping, teardown } from "./cases/teardown";
import { type Behaviour, Evidence } from "./evidence";
import type { Platform } from "./harness/platform";
import { documented, keepEvidence } from "./parity";
import { Scene } from "./scene";

/** The behaviours of a platform; every platform gets the same, and some of its own. Gives what they show. */
export function conformance(platform: Platform): Evidence {
  const evidence = new Evidence(platform.id);

  describe(`behaviour on ${platform.id}`, function () {
    this.timeout(240_000);

    before(async function () {
      const missing = await platform.missing();
      if (missing === undefined) return;
      console.log(`    skipped: ${missing}`);
      this.skip();
    });

    describe("with a system deployed", () => {
      const bench = new Scene(platform, "bench", evidence);
      for (const cases of [network, inputs, confinement, lifecycle, rollout, ...platform.own.bench]) cases(bench);
      autoscaleUp(bench);

      describe("beside another one", () => {
        const pair = new Scene(platform, "pair", evidence);
        for (const cases of [...platform.own.pair, changes, failures, interruption, keeping]) cases(pair);
      });

      schedule(bench);
      autoscaleBack(bench);
      teardown(bench);
    });

    // in a block of its own, because those of a block come before the blocks in it
    describe("all together", () => {
      it("is what docs/parity.json says, in every row", () => {
        const named = ({ feature, title, expected }: Behaviour): string => `${feature}: ${title} (${expected})`;
        const seen = keepEvidence(evidence).map(named);
        const rows = documented(platform.id).map(named);
        assert.deepEqual(
          rows.filter((row) => !seen.includes(row)),
          [],
          "this is in the table and was not seen",
        );
        assert.deepEqual(
          seen.filter((each) => !rows.includes(each)),
          [],
          "this was seen and is not in the table",
        );
      });
    });
  });

  return evidence;
}
