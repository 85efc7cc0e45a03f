import assert from "node:assert/strict";
import { parsePromql } from "../support/promql";

describe("parsePromql", () => {
  it("finds each selector with its conditions, its range and what is around it", () => {
    const expression =
      'sum by (job) (rate(x_total{a="$b", job=~"$job"}[$__rate_interval])) / on (job) (y) or increase(z[1h])';
    const { mistakes, selectors } = parsePromql(expression);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(
      selectors.map(({ metric, matchers, range, within }) => [metric, matchers, range, within]),
      [
        ["x_total", ['a="$b"', 'job=~"$job"'], "90s", "rate"],
        ["y", [], undefined, undefined],
        ["z", [], "1h", "increase"],
      ],
    );
  });

  for (const wrong of ["up >", "sum(rate(a[5m])", "rate(a 5m)", "a > = 1", ""])
    it(`cannot read ${JSON.stringify(wrong)}`, () => {
      assert.notDeepEqual(parsePromql(wrong).mistakes, []);
    });
});
