import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isReady, readinessOf } from "../../../src/zigquant/checks.ts";
import { openLedger } from "../../../src/zigquant/ledger.ts";
import { createTrader } from "../../../src/zigquant/trader.ts";

describe("zigquant trades", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "zigquant-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("on crossings, and counts a position as won when it earned", () => {
    const ledger = openLedger(folder);
    const trader = createTrader({ fastTicks: 1, slowTicks: 2 }, ledger);
    const traded = [100, 110, 120, 115, 90].map((price, at) => trader.tell(price, at));
    assert.deepEqual(traded, [false, true, false, true, false]);
    // bought at 110, sold at 115
    assert.deepEqual(
      ledger.state.recent.map(({ side, price, profit }) => [side, price, profit?.toFixed(2)]),
      [
        ["buy", 110, undefined],
        ["sell", 115, "45.45"],
      ],
    );
    assert.equal(ledger.winRate(), 1);
  });

  it("from the figures that the volume holds, after a new start [S3-18]", () => {
    openLedger(folder).add({ at: 1, side: "buy", price: 2, quantity: 3, profit: -1 });
    openLedger(folder).add({ at: 2, side: "sell", price: 3, quantity: 3, profit: 1 });
    const { state, winRate } = openLedger(folder);
    assert.deepEqual([state.trades, state.closed, state.won, winRate()], [2, 2, 1, 0.5]);
  });

  it("not over a ledger that makes no sense, which is left as it is", () => {
    writeFileSync(join(folder, "ledger.json"), '{"trades":');
    assert.throws(() => openLedger(folder), SyntaxError);
  });
});

describe("zigquant is ready", () => {
  const well = { dataDir: tmpdir(), tickMs: 1_000, lastPriceAt: 50_000, now: 55_000 };

  it("while prices come and its folder can be written to", () => {
    assert.deepEqual(readinessOf(well), { config: "ok", data: "ok", market: "ok" });
    assert.ok(isReady(readinessOf(well)));
  });

  it("not before the first price, not when prices stop, not without its folder", () => {
    const checks = { ...well, lastPriceAt: undefined, dataDir: "/nowhere" };
    assert.match(readinessOf(checks).data, /ENOENT/);
    assert.equal(readinessOf(checks).market, "no price yet");
    assert.equal(readinessOf({ ...well, now: 61_000 }).market, "the last price came 11 s ago");
    assert.ok(!isReady(readinessOf(checks)));
  });
});
