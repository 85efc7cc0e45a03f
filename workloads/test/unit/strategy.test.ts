import assert from "node:assert/strict";
import fc from "fast-check";
import { createStrategy, mean, roundTo, tradeFor } from "../../src/domain/strategy.ts";

const prices = fc.double({ min: 1, max: 1e6, noNaN: true });

function signals(values: readonly number[], fastTicks = 2, slowTicks = 4): string[] {
  const strategy = createStrategy({ fastTicks, slowTicks });
  return values.map((value) => strategy.update(value));
}

describe("strategy", () => {
  it("waits until the slow average is whole, then follows the crossover", () => {
    assert.deepEqual(signals([1, 2, 3, 4, 3, 2, 1, 2, 3, 4]), [
      "wait",
      "wait",
      "wait",
      "long",
      "long",
      "short",
      "short",
      "short",
      "long",
      "long",
    ]);
  });

  it("keeps its opinion while both averages are equal", () => {
    assert.deepEqual(signals([1, 2, 3, 4, 4, 4, 4, 4]).slice(3), ["long", "long", "long", "long", "long"]);
  });

  it("has no opinion on a price that never moves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (price) => {
        assert.ok(signals(new Array<number>(20).fill(price)).every((signal) => signal === "wait"));
      }),
    );
  });

  it("is long in every rise and short in every fall", () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10 }), (start, fast, more) => {
        const slow = fast + more;
        const rise = Array.from({ length: slow + 5 }, (_, tick) => start * (1 + tick / 100));
        assert.deepEqual(signals(rise, fast, slow).slice(slow - 1), new Array(6).fill("long"));
        assert.deepEqual(signals(rise.toReversed(), fast, slow).slice(slow - 1), new Array(6).fill("short"));
      }),
    );
  });
});

describe("tradeFor", () => {
  it("opens, turns and keeps a position", () => {
    assert.equal(tradeFor("long", 0, 100, 1_000), 10);
    assert.equal(tradeFor("short", 10, 100, 1_000), -20);
    assert.equal(tradeFor("long", 10, 100, 1_000), 0);
    assert.equal(tradeFor("wait", 10, 100, 1_000), 0);
  });

  it("leaves a position alone whose value has moved by less than half an order", () => {
    assert.equal(tradeFor("long", 10, 140, 1_000), 0);
    assert.equal(tradeFor("long", 10, 250, 1_000), -6);
  });

  it("is satisfied with the position that it asked for", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("long", "short"),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        prices,
        (signal, held, price) => {
          const after = held + tradeFor(signal, held, price, 1_000);
          assert.equal(tradeFor(signal, after, price, 1_000), 0);
        },
      ),
    );
  });
});

describe("numbers", () => {
  it("means and rounds", () => {
    assert.equal(mean([]), 0);
    assert.equal(mean([1, 2, 6]), 3);
    assert.equal(roundTo(1.23456, 2), 1.23);
    assert.equal(roundTo(-0.125, 8), -0.125);
  });
});
