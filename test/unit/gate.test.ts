import assert from "node:assert/strict";
import fc from "fast-check";
import { passGate } from "../../gate/gate";
import type { Look } from "../../gate/look";

/** One look a second; `restarts` is that of the container `api`. */
interface Seen {
  readonly troubles?: readonly string[];
  readonly restarts?: number;
  readonly fails?: string;
}

/** Passes the gate with a clock of its own, where the last of what is seen stays so. */
async function gate(seen: readonly Seen[], steadySeconds = 3, withinSeconds = 10) {
  let seconds = 0;
  let looks = 0;
  const lines: string[] = [];
  const wrong = await passGate(
    async (): Promise<Look> => {
      const { troubles = [], restarts = 0, fails } = seen[Math.min(looks, seen.length - 1)] ?? {};
      looks += 1;
      if (fails !== undefined) throw new Error(fails);
      return { troubles, restarts: new Map([["api", restarts]]) };
    },
    {
      ...{ steadySeconds, withinSeconds, now: () => seconds },
      tell: (line) => lines.push(`${seconds} ${line}`),
      sleep: async (pause) => {
        seconds += pause;
      },
    },
  );
  return { wrong, seconds, lines };
}

describe("the health gate", () => {
  it("is passed when all was well for long enough", async () => {
    const { wrong, seconds, lines } = await gate([{}]);
    assert.deepEqual([wrong, seconds], [[], 3]);
    assert.deepEqual(lines, ["0 all is well, and is to be for 3 s"]);
  });

  it("begins anew after a break, and says each change once", async () => {
    const ill = { troubles: ["db is starting"] };
    const { wrong, seconds, lines } = await gate([ill, ill, {}, {}, ill, {}]);
    assert.deepEqual([wrong, seconds], [[], 8]);
    assert.deepEqual(
      lines.map((line) => line.replace(/, and is.*/, "")),
      ["0 db is starting", "2 all is well", "4 db is starting", "5 all is well"],
    );
  });

  it("takes a restart for a break, although all is well before and after it", async () => {
    const { wrong, seconds, lines } = await gate([{ restarts: 2 }, { restarts: 2 }, { restarts: 3 }]);
    assert.deepEqual([wrong, seconds], [[], 6]);
    assert.ok(lines.includes("2 api was restarted"));
  });

  it("sees a restart that came while nobody answered", async () => {
    const { lines } = await gate([{ restarts: 1 }, { fails: "the engine is away" }, { restarts: 2 }]);
    assert.deepEqual(lines.slice(1, 3), ["1 the engine is away", "2 api was restarted"]);
  });

  it("says what was wrong last when the time is over", async () => {
    const { wrong, seconds } = await gate([
      { troubles: ["db is starting"] },
      { troubles: ["db is away", "no answer"] },
    ]);
    assert.deepEqual([wrong, seconds], [["db is away", "no answer"], 10]);
  });

  it("is not passed by what was never well for long enough", async () => {
    const flapping = Array.from({ length: 12 }, (_, at) => (at % 3 === 2 ? { troubles: ["again"] } : {}));
    const { wrong } = await gate(flapping);
    assert.deepEqual(wrong, ["all was well, but not for 3 s without a break"]);
  });

  it("is passed only after as many looks in a row without trouble, whatever comes before", async () => {
    const moment = fc.record({ troubles: fc.constantFrom([], ["x"]), restarts: fc.constant(0) });
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { maxLength: 30 }), async (seen) => {
        const { wrong, seconds } = await gate(seen, 3, 20);
        const at = (second: number): boolean => (seen[Math.min(second, seen.length - 1)]?.troubles ?? []).length === 0;
        const first = Array.from({ length: 21 }, (_, end) => end).find(
          (end) => end >= 3 && [0, 1, 2, 3].every((back) => at(end - back)),
        );
        assert.equal(seconds, first ?? 20);
        assert.equal(wrong.length === 0, first !== undefined);
      }),
    );
  });
});
