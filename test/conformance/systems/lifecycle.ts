import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { DeployedStack, Late } from "./deployed-stack";

/** Has the systems there for the cases of a block, or skips them where they cannot be. */
export function itIsDeployed(deployed: DeployedStack, late?: () => Promise<Late>): void {
  before(async function () {
    this.timeout(1_800_000); // images may have to be built
    const missing = await deployed.missing();
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    await deployed.deploy(await late?.());
  });
  after(() => deployed.remove());
}

/** A second run changes nothing, and a removal leaves nothing; the last cases of all. */
export function itSettles(deployed: DeployedStack): void {
  it("changes nothing when nothing has changed", async () => {
    const { code, steps, output } = await deployed.stack.up();
    assert.equal(code, 0, output);
    assert.deepEqual(steps, [], output);
  });

  it("leaves nothing behind", async () => {
    assert.notDeepEqual(await deployed.live.objects(), []);
    const { code, output } = await deployed.stack.destroy();
    assert.equal(code, 0, output);
    // a storage class may take its time to remove what was on a volume
    await eventually(async () => assert.deepEqual(await deployed.live.objects(), []), 60);
  });
}
