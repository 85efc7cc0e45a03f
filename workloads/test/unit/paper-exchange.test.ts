import assert from "node:assert/strict";
import fc from "fast-check";
import type { Order, Quote } from "../../src/domain/messages.ts";
import { sides } from "../../src/domain/messages.ts";
import { execute, fillOf } from "../../src/domain/paper-exchange.ts";

const quote: Quote = { symbol: "A", bid: 99, ask: 101, last: 100, volume: 1, at: 0 };
const orders = fc.record<Order>({
  id: fc.uuid(),
  symbol: fc.constant("A"),
  side: fc.constantFrom(...sides),
  quantity: fc.double({ min: 0.01, max: 100, noNaN: true }),
  referencePrice: fc.constant(100),
  placedAt: fc.constant(0),
});
const seeds = fc.nat({ max: 0xffff_ffff });

describe("paper exchange", () => {
  it("ends the same for the same seed and order", () => {
    fc.assert(
      fc.property(orders, seeds, (order, seed) => {
        const options = { seed, rejectRate: 0.3 };
        assert.deepEqual(execute(order, quote, options), execute(order, quote, options));
      }),
    );
  });

  it("fills at the far side of the spread, at most a basis point worse, for a fee of one basis point", () => {
    fc.assert(
      fc.property(orders, seeds, (order, seed) => {
        const outcome = execute(order, quote, { seed, rejectRate: 0 });
        assert.equal(outcome.filled, true);
        const [best, worst] = order.side === "buy" ? [101, 101 * 1.0001] : [99, 99 * 0.9999];
        assert.ok(outcome.price >= Math.min(best, worst) && outcome.price <= Math.max(best, worst), `${outcome.price}`);
        assert.equal(outcome.fee, outcome.price * order.quantity * 0.0001);
        assert.ok(outcome.latencyMs >= 20 && outcome.latencyMs <= 120);
        assert.deepEqual(fillOf(order, outcome, 5), {
          orderId: order.id,
          symbol: "A",
          side: order.side,
          quantity: order.quantity,
          price: outcome.price,
          fee: outcome.fee,
          latencyMs: outcome.latencyMs,
          executedAt: 5,
        });
      }),
    );
  });

  it("refuses without a price, and as often as it is told", () => {
    const ids = fc.sample(orders, { numRuns: 2_000, seed: 1 });
    const refused = ids.filter((order) => !execute(order, quote, { seed: 1, rejectRate: 0.25 }).filled).length;
    assert.ok(refused > 400 && refused < 600, `${refused} of 2000 refused`);
    const [first] = ids;
    assert.ok(first);
    const outcome = execute(first, undefined, { seed: 1, rejectRate: 0 });
    assert.equal(outcome.filled === false && outcome.reason, "no-market: no live price for A");
  });
});
