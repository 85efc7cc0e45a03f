import assert from "node:assert/strict";
import { groupsThatFit } from "../conformance/systems/groups";

describe("systems that take turns on a node", () => {
  const requests = [
    { name: "a", millis: 1000 },
    { name: "b", millis: 600 },
    { name: "c", millis: 700 },
    { name: "d", millis: 2000 },
  ];
  const cases: readonly (readonly [number, readonly (readonly string[])[]])[] = [
    [1600, [["a", "b"], ["c"], ["d"]]],
    [4300, [["a", "b", "c", "d"]]],
    [100, [["a"], ["b"], ["c"], ["d"]]],
  ];
  for (const [millis, expected] of cases)
    it(`are beside each other as far as ${millis} thousandths of a core reach`, () => {
      assert.deepEqual(groupsThatFit(requests, millis), expected);
    });
});
