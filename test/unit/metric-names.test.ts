import assert from "node:assert/strict";
import { absentNames, assertExported } from "../conformance/monitoring/joined";
import { commonGroups } from "../support/alerts";
import { everyDashboard } from "../support/every-dashboard";
import { expressionsIn, metricNames } from "../support/metric-names";

describe("metricNames", () => {
  for (const [expression, names] of [
    ["trading_drawdown_percent > 5", ["trading_drawdown_percent"]],
    ["time() - trading_last_price_update_timestamp > 30", ["trading_last_price_update_timestamp"]],
    ['a{image!="b_c"} / (d{e="f"} > 0) > 0.85', ["a", "d"]],
    ["sum by (job, instance) (rate(x_total[5m])) / on(job) group_left y", ["x_total", "y"]],
    ["histogram_quantile(0.9, sum(rate(z_bucket[1m])) by (le)) and up == 1e3", ["up", "z_bucket"]],
  ] as const) {
    it(expression, () => {
      assert.deepEqual(metricNames(expression), names);
    });
  }
});

describe("expressionsIn", () => {
  it("finds expressions at any depth", () => {
    const model = {
      panels: [{ targets: [{ expr: "a" }] }, { panels: [{ targets: [{ expr: "b" }, { legend: "expr" }] }] }],
    };
    assert.deepEqual(expressionsIn(model), ["a", "b"]);
  });
});

describe("metrics that rules and dashboards read", () => {
  const read = [
    ...commonGroups.flatMap(({ alerts }) => alerts.map(({ expr }) => expr)),
    ...everyDashboard().flatMap(({ model }) => expressionsIn(model)),
  ].flatMap(metricNames);

  it("are excused from being there only as long as something reads them", () => {
    assert.deepEqual(
      Object.keys(absentNames).filter((name) => !read.includes(name)),
      [],
    );
  });

  it("are missed by name, with who reads them", () => {
    assert.throws(
      () => assertExported(new Map([["alert Slow", ["rate(slow_total[5m]) > up"]]]), ["up"]),
      /alert Slow: slow_total/,
    );
  });
});
