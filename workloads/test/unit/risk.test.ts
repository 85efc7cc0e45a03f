import assert from "node:assert/strict";
import fc from "fast-check";
import { sides, signed } from "../../src/domain/messages.ts";
import { assess } from "../../src/domain/risk.ts";

const limits = { maxPositionSize: 10_000, maxDailyLoss: 1_000 };
const order = (side: "buy" | "sell", quantity: number, referencePrice = 100) => ({ side, quantity, referencePrice });
const exposure = { position: 0, pending: [], dayLoss: 0 };
const units = fc.integer({ min: 1, max: 300 });
const holdings = fc.integer({ min: -300, max: 300 });

describe("risk", () => {
  it("lets an order through up to the limit and not beyond", () => {
    assert.deepEqual(assess(order("buy", 100), exposure, limits), { approved: true });
    assert.deepEqual(assess(order("buy", 100.01), exposure, limits), {
      approved: false,
      rule: "max-position-size",
      reason: "max-position-size: position would be worth 10001.00 USD, the limit is 10000.00 USD",
    });
    assert.deepEqual(assess(order("sell", 150), exposure, limits).approved, false);
  });

  it("counts pending orders of the same direction, not those of the other", () => {
    assert.equal(assess(order("buy", 50), { ...exposure, pending: [60] }, limits).approved, false);
    assert.equal(assess(order("buy", 100), { ...exposure, pending: [-60] }, limits).approved, true);
    assert.equal(assess(order("sell", 50), { ...exposure, pending: [-60] }, limits).approved, false);
  });

  it("stops what adds risk once the day has lost too much", () => {
    assert.equal(assess(order("buy", 1), { ...exposure, dayLoss: 999.99 }, limits).approved, true);
    assert.deepEqual(assess(order("buy", 1), { ...exposure, dayLoss: 1_000 }, limits), {
      approved: false,
      rule: "max-daily-loss",
      reason: "max-daily-loss: lost 1000.00 USD today, the limit is 1000.00 USD",
    });
    const turn = assess(order("sell", 20), { position: 10, pending: [], dayLoss: 1_000 }, limits);
    assert.equal(turn.approved, false, "an order that turns the position around is no mere reduction");
  });

  it("always lets a position be reduced", () => {
    fc.assert(
      fc.property(
        units,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ max: 10_000 }),
        (held, share, dayLoss) => {
          fc.pre(share > 0);
          const quantity = held * share;
          assert.deepEqual(assess(order("sell", quantity, 1e6), { position: held, pending: [], dayLoss }, limits), {
            approved: true,
          });
          assert.deepEqual(assess(order("buy", quantity, 1e6), { position: -held, pending: [], dayLoss }, limits), {
            approved: true,
          });
        },
      ),
    );
  });

  it("never lets any order of executions lead beyond the limit, unless it was there before", () => {
    fc.assert(
      fc.property(
        holdings,
        fc.array(fc.tuple(fc.constantFrom(...sides), units), { maxLength: 12 }),
        (start, wishes) => {
          const pending: number[] = [];
          for (const [side, quantity] of wishes) {
            if (assess(order(side, quantity), { position: start, pending, dayLoss: 0 }, limits).approved) {
              pending.push(signed(side, quantity));
            }
          }
          const long = pending.filter((quantity) => quantity > 0).reduce((sum, quantity) => sum + quantity, start);
          const short = pending.filter((quantity) => quantity < 0).reduce((sum, quantity) => sum + quantity, start);
          assert.ok(long * 100 <= Math.max(limits.maxPositionSize, start * 100), `long ${long}`);
          assert.ok(-short * 100 <= Math.max(limits.maxPositionSize, -start * 100), `short ${short}`);
        },
      ),
    );
  });
});
