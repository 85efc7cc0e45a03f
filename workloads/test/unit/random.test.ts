import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom, gaussian, seedFrom } from "../../src/domain/random.ts";

const seeds = fc.nat({ max: 0xffff_ffff });

describe("random", () => {
  it("gives the same numbers for the same seed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [one, other] = [createRandom(seed), createRandom(seed)];
        assert.deepEqual(Array.from({ length: 20 }, one), Array.from({ length: 20 }, other));
      }),
    );
  });

  it("stays within 0 and 1, and spreads evenly over them", () => {
    const random = createRandom(42);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const bin = Math.floor(random() * 10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    assert.equal(counts.length, 10);
    for (const count of counts) {
      assert.ok(count > 9_600 && count < 10_400, `a tenth of the range got ${count} of 100000`);
    }
  });

  it("draws from the normal distribution", () => {
    const random = createRandom(7);
    const draws = Array.from({ length: 100_000 }, () => gaussian(random));
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
    assert.ok(Math.abs(mean) < 0.02, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < 0.02, `variance ${variance}`);
  });

  it("makes seeds that tell their parts apart", () => {
    assert.equal(seedFrom(1, "BTCUSDT"), seedFrom(1, "BTCUSDT"));
    assert.notEqual(seedFrom(1, "BTCUSDT"), seedFrom(2, "BTCUSDT"));
    assert.notEqual(seedFrom(1, "BTCUSDT"), seedFrom(1, "ETHUSDT"));
    assert.notEqual(seedFrom(1, "2"), seedFrom(12));
  });
});
