import assert from "node:assert/strict";
import fc from "fast-check";
import { sides, signed } from "../../src/domain/messages.ts";
import { createDrawdown, createPortfolio } from "../../src/domain/portfolio.ts";

const trades = fc.array(
  fc.record({
    symbol: fc.constantFrom("A", "B"),
    side: fc.constantFrom(...sides),
    quantity: fc.integer({ min: 1, max: 1_000 }).map((hundredths) => hundredths / 100),
    price: fc.integer({ min: 100, max: 100_000 }).map((cents) => cents / 100),
    fee: fc.integer({ min: 0, max: 100 }).map((cents) => cents / 100),
  }),
  { maxLength: 60 },
);
const marks = fc.record({ A: fc.integer({ min: 1, max: 1_000 }), B: fc.integer({ min: 1, max: 1_000 }) });

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-6 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);

describe("portfolio", () => {
  it("earns what its cash and its holdings say", () => {
    fc.assert(
      fc.property(trades, marks, (done, at) => {
        const portfolio = createPortfolio();
        for (const trade of done) {
          portfolio.apply(trade);
        }
        portfolio.mark("A", at.A);
        portfolio.mark("B", at.B);
        // Counted without any idea of cost: money that went in and out, and the worth of what is left.
        const expected = done.reduce(
          (sum, { symbol, side, quantity, price, fee }) =>
            sum - signed(side, quantity) * price - fee + signed(side, quantity) * (symbol === "A" ? at.A : at.B),
          0,
        );
        close(portfolio.pnl(), expected);
        close(portfolio.realised() + portfolio.unrealised(), expected);
      }),
    );
  });

  it("holds the sum of what was traded", () => {
    fc.assert(
      fc.property(trades, (done) => {
        const portfolio = createPortfolio();
        const held = { A: 0, B: 0 };
        for (const trade of done) {
          portfolio.apply(trade);
          held[trade.symbol] += signed(trade.side, trade.quantity);
        }
        close(portfolio.position("A").quantity, held.A);
        close(portfolio.position("B").quantity, held.B);
        const expected = Object.values(held).filter((quantity) => Math.abs(quantity) > 1e-6).length;
        assert.equal(portfolio.openPositions(), expected);
      }),
    );
  });

  it("averages what it adds, keeps the average when it reduces, and starts anew when it turns", () => {
    const portfolio = createPortfolio();
    const trade = (side: "buy" | "sell", quantity: number, price: number) =>
      portfolio.apply({ symbol: "A", side, quantity, price, fee: 0 });
    trade("buy", 1, 100);
    trade("buy", 3, 200);
    assert.deepEqual(portfolio.position("A"), { quantity: 4, averagePrice: 175 });
    trade("sell", 1, 275);
    assert.deepEqual(portfolio.position("A"), { quantity: 3, averagePrice: 175 });
    assert.equal(portfolio.realised(), 100);
    trade("sell", 5, 175);
    assert.deepEqual(portfolio.position("A"), { quantity: -2, averagePrice: 175 });
    portfolio.mark("A", 150);
    assert.equal(portfolio.unrealised(), 50);
    trade("buy", 2, 150);
    assert.deepEqual(portfolio.position("A"), { quantity: 0, averagePrice: 0 });
    assert.equal(portfolio.pnl(), 150);
    assert.equal(portfolio.openPositions(), 0);
  });

  it("takes fees off the gains, and neither gains nor loses on a position without a mark", () => {
    const portfolio = createPortfolio();
    portfolio.apply({ symbol: "A", side: "buy", quantity: 2, price: 100, fee: 1.5 });
    assert.equal(portfolio.realised(), -1.5);
    assert.equal(portfolio.unrealised(), 0);
  });
});

describe("drawdown", () => {
  const equities = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 50 });

  it("is the distance to the highest equity so far, in percent of it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), equities, (start, values) => {
        const drawdown = createDrawdown(start);
        for (const [index, equity] of values.entries()) {
          const peak = Math.max(start, ...values.slice(0, index + 1));
          const actual = drawdown.update(equity);
          assert.equal(actual, ((peak - equity) / peak) * 100);
          assert.ok(actual >= 0 && actual < 100);
        }
      }),
    );
  });

  it("is 5 percent at 95 of 100, and gone at a new peak", () => {
    const drawdown = createDrawdown(100);
    assert.equal(drawdown.update(95), 5);
    assert.equal(drawdown.update(101), 0);
  });

  it("is 0 for an account that never had anything", () => {
    assert.equal(createDrawdown(0).update(-10), 0);
  });
});
