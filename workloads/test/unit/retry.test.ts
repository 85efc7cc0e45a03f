import assert from "node:assert/strict";
import fc from "fast-check";
import { pino } from "pino";
import { backOff, every, pause, repeat, retry } from "../../src/platform/retry.ts";

const log = pino({ level: "silent" });

describe("retry", () => {
  it("waits longer after each failure, up to five seconds", () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => backOff(failures, () => 1)),
      [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000],
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const pauseMs = backOff(failures, () => chance);
          assert.ok(pauseMs >= 200 && pauseMs <= 5_000);
        },
      ),
    );
  });

  it("tries until it works", async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts < 3) {
        throw new Error("not yet");
      }
      return "done";
    };
    const { signal } = new AbortController();
    assert.equal(await retry(attempt, { signal, log, what: "trying" }), "done");
    assert.equal(attempts, 3);
  });

  it("gives up at the signal", async () => {
    const stop = new AbortController();
    let attempts = 0;
    const failing = () => {
      attempts += 1;
      stop.abort();
      return Promise.reject(new Error("never"));
    };
    assert.equal(await retry(failing, { signal: stop.signal, log, what: "trying" }), undefined);
    assert.equal(attempts, 1);
  });

  it("ends a pause at the signal", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const began = performance.now();
    await pause(60_000, stop.signal);
    assert.ok(performance.now() - began >= 15);
  });

  it("repeats a step until the signal and lets the last one finish", async () => {
    const stop = new AbortController();
    let finished = 0;
    const step = async () => {
      if (finished === 4) {
        stop.abort();
      }
      await Promise.resolve();
      finished += 1;
    };
    await repeat(step, { signal: stop.signal, log, what: "stepping" });
    assert.equal(finished, 5);
  });

  it("keeps its rhythm, whether a step fails or not", async () => {
    const stop = new AbortController();
    const runs: number[] = [];
    const began = performance.now();
    const step = async () => {
      runs.push(performance.now() - began);
      if (runs.length === 6) {
        stop.abort();
      }
      if (runs.length % 2 === 0) {
        throw new Error("every other time");
      }
    };
    await every(20, step, { signal: stop.signal, log, what: "ticking" });
    assert.equal(runs.length, 6);
    for (const [index, at] of runs.entries()) {
      assert.ok(at >= index * 20 - 2, `run ${index} came at ${at} ms`);
    }
    assert.ok((runs[5] ?? 0) < 2_000, `the sixth run came at ${runs[5]} ms`);
  });
});
