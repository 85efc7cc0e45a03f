import assert from "node:assert/strict";
import { grafanaDashboard } from "../../dashboards/grafana";
import { modelOf, type PanelModel } from "../../dashboards/model";
import { figure, graph } from "../../dashboards/panels";
import { dashboardSvg, readable } from "../../scripts/dashboard-svg";

describe("a drawing of a dashboard", () => {
  const words = { description: "D", unit: "percent" };
  const { panels } = modelOf(
    grafanaDashboard({
      system: "shop",
      slug: "all",
      title: "All",
      panels: [
        figure({ ...words, title: "Now", alarmAbove: 5 }, "a"),
        graph({ ...words, title: "Then <", alarmAbove: 5 }, { b: "b" }),
      ],
    }),
  );
  const [now, then] = panels as readonly [PanelModel, PanelModel];
  const draw = (value: number): string => {
    const points = [
      [0, 1],
      [60, value],
    ] as const;
    const lines = [{ name: "drawdown & more", points }];
    return dashboardSvg("All", [
      { panel: now, lines },
      { panel: then, lines },
    ]);
  };

  it("shows each panel with its value, its line from left to right, its name and its limit", () => {
    const svg = draw(7.5);
    for (const part of [">Now<", ">7.5 %<", ">Then &lt;<", "drawdown &amp; more", 'stroke-dasharray="5 3"', ">00:01<"])
      assert.ok(svg.includes(part), part);
    const [first, last] = (/points="([^"]*)"/.exec(svg)?.[1] ?? "")
      .split(" ")
      .map((point) => point.split(",").map(Number));
    assert.ok(Number(first?.[0]) < Number(last?.[0]), "time goes to the right");
    assert.ok(Number(first?.[1]) > Number(last?.[1]), "more is higher up");
  });

  it("shows a value beyond its limit in red, and one below it in green", () => {
    assert.match(draw(7.5), /fill="#c4162a">7.5 %/);
    assert.match(draw(2), /fill="#56a64b">2 %/);
  });

  it("says where there is nothing to draw", () => {
    const svg = dashboardSvg("All", [{ panel: then, lines: [] }]);
    assert.match(svg, />no data</);
  });

  for (const [value, unit, says] of [
    [0.1234, "percentunit", "12.3 %"],
    [1536, "bytes", "1.5 KiB"],
    [0, "bytes", "0 B"],
    [12.345, "currencyUSD", "$12.3"],
    [0.5, "s", "0.5 s"],
    [3, "short", "3"],
  ] as const)
    it(`writes ${value} as ${says}`, () => {
      assert.equal(readable(value, unit), says);
    });
});
