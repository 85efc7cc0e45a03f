import assert from "node:assert/strict";
import { containerPanels } from "../../dashboards/containers";
import { grafanaDashboard } from "../../dashboards/grafana";
import { figure, graph } from "../../dashboards/panels";
import { postgresPanels } from "../../dashboards/postgres";
import { redisPanels } from "../../dashboards/redis";
import { pnlDashboard } from "../../systems/algo-trading/dashboards";

interface Model {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly editable: boolean;
  readonly panels: readonly PanelModel[];
}

interface PanelModel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: object;
  readonly targets: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit: string;
      readonly thresholds?: { readonly steps: readonly object[] };
      readonly custom?: { readonly thresholdsStyle?: object };
    };
  };
}

const modelOf = ({ model }: { readonly model: object }): Model => model as Model;

describe("grafanaDashboard", () => {
  const words = { title: "T", description: "D", unit: "s" };

  it("makes a graph of several lines and a figure, in Grafana's words", () => {
    const panels = [figure(words, "a"), graph({ ...words, alarmAbove: 5 }, { one: "b", two: "c" })];
    const { uid, title, model } = grafanaDashboard({ system: "shop", slug: "all", title: "All", panels });
    assert.equal(uid, "shop-all");
    assert.equal(title, "All");
    const made = modelOf({ model });
    assert.deepEqual([made.uid, made.title, made.tags, made.editable], ["shop-all", "All", ["shop"], false]);
    const [stat, series] = made.panels;
    assert.deepEqual([stat?.type, stat?.gridPos.w, stat?.gridPos.h], ["stat", 6, 4]);
    assert.deepEqual([series?.type, series?.gridPos.w, series?.gridPos.h], ["timeseries", 12, 8]);
    assert.deepEqual(
      series?.targets.map(({ refId, expr, legendFormat }) => [refId, expr, legendFormat]),
      [
        ["A", "b", "one"],
        ["B", "c", "two"],
      ],
    );
    assert.deepEqual(series?.datasource, { type: "prometheus", uid: "prometheus" });
    assert.equal(series?.fieldConfig.defaults.unit, "s");
    assert.deepEqual(series?.fieldConfig.defaults.thresholds?.steps, [
      { value: null, color: "green" },
      { value: 5, color: "red" },
    ]);
    assert.deepEqual(series?.fieldConfig.defaults.custom?.thresholdsStyle, { mode: "line" });
  });

  it("gives each caller a model of its own", () => {
    const dashboard = { system: "shop", slug: "all", title: "All", panels: [figure(words, "a")] };
    const [first, second] = [grafanaDashboard(dashboard), grafanaDashboard(dashboard)];
    assert.deepEqual(first, second);
    assert.notEqual(first.model, second.model);
  });

  it("refuses a name that is too long for Grafana", () => {
    const slug = "a".repeat(40);
    assert.throws(() => grafanaDashboard({ system: "shop", slug, title: "All", panels: [] }), {
      message: `dashboard shop-${slug}: its uid has 45 characters; use at most 40`,
    });
  });
});

describe("panels", () => {
  it("of profit and loss show what a trader asks for", () => {
    const { panels } = modelOf(pnlDashboard());
    assert.deepEqual(
      panels.map(({ type, title, targets }) => [type, title, ...targets.map(({ expr }) => expr)]),
      [
        ["stat", "P&L", "sum(trading_pnl_usd)"],
        ["stat", "Drawdown", "max(trading_drawdown_percent)"],
        ["stat", "Fill ratio", "sum(rate(trading_orders_filled[5m])) / sum(rate(trading_orders_total[5m]))"],
        ["stat", "Age of prices", "time() - max(trading_last_price_update_timestamp)"],
        ["timeseries", "P&L over time", "sum(trading_pnl_usd)"],
        ["timeseries", "Drawdown over time", "max(trading_drawdown_percent)"],
        [
          "timeseries",
          "Orders by outcome",
          "sum(rate(trading_orders_total[1m]))",
          "sum(rate(trading_orders_filled[1m]))",
          "sum(rate(trading_orders_rejected[1m]))",
        ],
        ["timeseries", "Execution time", "max(trading_order_execution_avg_ms)"],
        ["timeseries", "Age of prices over time", "time() - max(trading_last_price_update_timestamp)"],
        [
          "timeseries",
          "Memory of containers",
          'container_memory_usage_bytes{image!=""} / (container_spec_memory_limit_bytes{image!=""} > 0)',
        ],
      ],
    );
    const drawdown = panels.find(({ title }) => title === "Drawdown over time");
    assert.deepEqual(drawdown?.fieldConfig.defaults.thresholds?.steps[1], { value: 5, color: "red" });
  });

  it("overlap nowhere, and none sticks out", () => {
    const panels = [...containerPanels(), ...postgresPanels("postgres", "app"), ...redisPanels("redis")];
    const placed = modelOf(grafanaDashboard({ system: "shop", slug: "all", title: "All", panels })).panels;
    const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) => {
      assert.ok(x + w <= 24, `a panel ends at column ${x + w}`);
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`);
    });
    assert.equal(new Set(cells).size, cells.length);
  });

  it("of stores read the metrics of their own job and database", () => {
    const expressions = [...postgresPanels("pg", "app"), ...redisPanels("cache")].flatMap(({ queries }) =>
      queries.map(({ expr }) => expr),
    );
    for (const expression of expressions) assert.match(expression, /job="(pg|cache)"/);
    assert.equal(expressions.filter((expression) => expression.includes('datname="app"')).length, 5);
  });
});
