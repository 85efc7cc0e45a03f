import assert from "node:assert/strict";
import fc from "fast-check";
import { createFeed, spread } from "../../src/domain/feed.ts";
import type { Quote } from "../../src/domain/messages.ts";

const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const seeds = fc.nat({ max: 0xffff_ffff });

function run(seed: number, of: readonly string[], ticks: number): Quote[][] {
  const feed = createFeed({ symbols: of, seed });
  return Array.from({ length: ticks }, (_, tick) => feed.next(tick));
}

describe("feed", () => {
  it("repeats itself for the same seed and differs for another", () => {
    fc.assert(fc.property(seeds, (seed) => assert.deepEqual(run(seed, symbols, 30), run(seed, symbols, 30))));
    assert.notDeepEqual(run(1, symbols, 1), run(2, symbols, 1));
  });

  it("walks each symbol apart from its neighbours", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const together = run(seed, symbols, 10).map((quotes) => quotes[2]);
        const alone = run(seed, ["SOLUSDT"], 10).map((quotes) => quotes[0]);
        assert.deepEqual(together, alone);
      }),
    );
  });

  it("keeps the last price between bid and ask, and lets the volume grow", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const ticks = run(seed, ["ETHUSDT"], 50).flat();
        for (const [index, quote] of ticks.entries()) {
          assert.ok(0 < quote.bid && quote.bid < quote.last && quote.last < quote.ask, JSON.stringify(quote));
          assert.ok(quote.volume >= (ticks[index - 1]?.volume ?? 0));
        }
      }),
    );
  });

  it("begins near the known price of a symbol, and at 100 for one that it does not know", () => {
    const [quotes] = run(3, ["BTCUSDT", "OTHER"], 1);
    assert.deepEqual(
      quotes?.map(({ symbol, at, last }) => [symbol, at, Math.round(last / 100) * 100]),
      [
        ["BTCUSDT", 0, 60_000],
        ["OTHER", 0, 100],
      ],
    );
  });

  it("measures the spread as ask less bid", () => {
    assert.equal(spread({ symbol: "X", bid: 99.5, ask: 100.25, last: 100, volume: 0, at: 0 }), 0.75);
  });
});
