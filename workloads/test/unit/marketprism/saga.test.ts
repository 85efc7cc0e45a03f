import assert from "node:assert/strict";
import { Registry } from "prom-client";
import { createBreaker } from "../../../src/marketprism/breaker.ts";
import { createCollect, type TickCache, type TickSink } from "../../../src/marketprism/collect.ts";
import { runSaga, type Step } from "../../../src/marketprism/saga.ts";
import { normalise, type Tick } from "../../../src/marketprism/tick.ts";

const log = { warn: () => undefined } as never;
const quote = { symbol: "btc-usdt", bid: 1, ask: 1, last: 1.123456789123, volume: 2, at: 1_700_000_000_500 };

describe("saga of MarketPrism", () => {
  function recording(failing?: string, stuckAt?: string) {
    const events: string[] = [];
    const step = (name: string): Step => ({
      name,
      async run() {
        events.push(`run ${name}`);
        if (name === failing) {
          throw new Error(`${name} failed`);
        }
      },
      async compensate() {
        if (name === stuckAt) {
          throw new Error("cannot");
        }
        events.push(`undo ${name}`);
      },
    });
    const saga = () =>
      runSaga([step("a"), step("b"), step("c")], {
        compensated: (name) => events.push(`told ${name}`),
        stuck: (name, reason) => events.push(`stuck ${name}: ${reason}`),
      });
    return { events, saga };
  }

  it("takes nothing back when all steps work", async () => {
    const { events, saga } = recording();
    await saga();
    assert.deepEqual(events, ["run a", "run b", "run c"]);
  });

  it("takes back the failed step and those before it, the last one first [S5-32]", async () => {
    const { events, saga } = recording("b");
    await assert.rejects(saga(), /b failed/);
    assert.deepEqual(events, ["run a", "run b", "undo b", "told b", "undo a", "told a"]);
  });

  it("goes on taking back when one step cannot be", async () => {
    const { events, saga } = recording("c", "b");
    await assert.rejects(saga(), /c failed/);
    assert.deepEqual(events.slice(3), ["undo c", "told c", "stuck b: cannot", "undo a", "told a"]);
  });

  it("leaves neither the normalised price nor the message when saving fails after the broker took it [S5-32]", async () => {
    const before = normalise({ ...quote, at: quote.at - 1_000 }, { slotMs: 1_000, collector: "c" });
    const cached = new Map<string, Tick>([[before.symbol, before]]);
    const stored = new Map<string, Tick>();
    const cache: TickCache = {
      async replace(tick) {
        const previous = cached.get(tick.symbol);
        cached.set(tick.symbol, tick);
        return previous;
      },
      async restore(symbol, previous) {
        if (previous === undefined) {
          cached.delete(symbol);
        } else {
          cached.set(symbol, previous);
        }
      },
    };
    const sink: TickSink = {
      async publish(tick) {
        stored.set(tick.id, tick);
        throw new Error("the acknowledgement was lost");
      },
      async withdraw(tick) {
        stored.delete(tick.id);
      },
    };
    const registry = new Registry();
    const breaker = createBreaker({ failures: 5, recoveryMs: 60_000, onState: () => undefined });
    const collect = createCollect({ log, registry, instance: "c" }, { slotMs: 1_000, sink, cache, breaker });
    await assert.rejects(collect(quote), /acknowledgement was lost/);
    assert.deepEqual([...stored], []);
    assert.deepEqual(cached.get(before.symbol), before);
    const text = await registry.metrics();
    assert.match(text, /marketprism_saga_compensations_total\{step="save"\} 1/);
    assert.match(text, /marketprism_saga_compensations_total\{step="normalise"\} 1/);
    assert.doesNotMatch(text, /marketprism_messages_published_total\{/);
  });
});

describe("normalised ticks", () => {
  it("have one id for all collectors in the same slot of time", () => {
    const one = normalise(quote, { slotMs: 1_000, collector: "one" });
    const other = normalise({ ...quote, at: quote.at + 400 }, { slotMs: 1_000, collector: "other" });
    const later = normalise({ ...quote, at: quote.at + 600 }, { slotMs: 1_000, collector: "one" });
    assert.equal(one.id, other.id);
    assert.notEqual(one.id, later.id);
    assert.equal(one.symbol, "BTCUSDT");
    assert.equal(one.price, 1.12345679);
  });
});
