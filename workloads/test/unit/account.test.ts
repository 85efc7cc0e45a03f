import assert from "node:assert/strict";
import { createAccount } from "../../src/domain/account.ts";
import type { Fill, Order } from "../../src/domain/messages.ts";

const order = (id: string, symbol = "A", placedAt = 1_000): Order => ({
  id,
  symbol,
  side: "buy",
  quantity: 2,
  referencePrice: 100,
  placedAt,
});
const fill = (orderId: string, price = 100): Fill => ({
  orderId,
  symbol: "A",
  side: "buy",
  quantity: 2,
  price,
  fee: 1,
  latencyMs: 5,
  executedAt: 2_000,
});
const empty = { fills: [], openOrders: [] };

describe("account", () => {
  it("books the fill of an open order once", () => {
    const account = createAccount(1_000, empty);
    account.open(order("one"));
    assert.equal(account.hasOpenOrder("A"), true);
    assert.deepEqual(account.fill(fill("one")), order("one"));
    assert.equal(account.fill(fill("one")), undefined);
    assert.equal(account.position("A"), 2);
    assert.equal(account.hasOpenOrder("A"), false);
  });

  it("ignores the fill of an order that it does not know", () => {
    const account = createAccount(1_000, empty);
    assert.equal(account.fill(fill("strange")), undefined);
    assert.equal(account.position("A"), 0);
  });

  it("forgets an order that is dropped", () => {
    const account = createAccount(1_000, empty);
    account.open(order("one"));
    assert.deepEqual(account.drop("one"), order("one"));
    assert.equal(account.drop("one"), undefined);
    assert.equal(account.fill(fill("one")), undefined);
  });

  it("takes over fills, open orders and the peak of an earlier process", () => {
    const account = createAccount(1_000, { fills: [fill("old")], openOrders: [order("open")], peakEquity: 2_000 });
    assert.equal(account.position("A"), 2);
    assert.equal(account.fill(fill("old")), undefined);
    assert.deepEqual(account.openSince(1_001), [order("open")]);
    assert.deepEqual(account.openSince(1_000), []);
    account.mark("A", 110.5);
    assert.deepEqual(account.summary(), {
      realised: -1,
      unrealised: 21,
      pnl: 20,
      equity: 1_020,
      drawdownPercent: 49,
      openPositions: 1,
    });
  });

  it("measures the drawdown from the start when nothing was ever earned", () => {
    const account = createAccount(1_000, { fills: [fill("old")], openOrders: [] });
    account.mark("A", 50.5);
    assert.equal(account.summary().drawdownPercent, 10);
  });
});
