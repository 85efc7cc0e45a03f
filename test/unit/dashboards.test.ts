import assert from "node:assert/strict";
import { asked } from "../../dashboards/asked";
import { containerPanels } from "../../dashboards/containers";
import { grafanaDashboard } from "../../dashboards/grafana";
import { figure, graph } from "../../dashboards/panels";
import { postgresBoard } from "../../dashboards/postgres";
import { ofCluster, ofSystem, share } from "../../dashboards/promql";
import { redisBoard } from "../../dashboards/redis";
import { pnlDashboard } from "../../systems/algo-trading/dashboards";
import { modelOf, variablesOf } from "../../dashboards/model";

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
    assert.deepEqual(series?.datasource, { type: "prometheus", uid: "$datasource" });
    assert.equal(series?.fieldConfig.defaults.unit, "s");
    assert.deepEqual(series?.fieldConfig.defaults.thresholds?.steps, [
      { value: null, color: "green" },
      { value: 5, color: "red" },
    ]);
    assert.deepEqual(series?.fieldConfig.defaults.custom?.thresholdsStyle, { mode: "line" });
  });

  it("lets one choose where from, of which system, and of whom there, and leads to its siblings", () => {
    const panels = [figure(words, "a")];
    const board = { system: "shop", slug: "all", title: "All", panels };
    const made = modelOf(grafanaDashboard({ ...board, anchor: "pg_up" }));
    assert.deepEqual(
      variablesOf(made).map(({ name, query }) => [name, query]),
      [
        ["datasource", "prometheus"],
        ["system", "label_values(pg_up, system)"],
        ["job", 'label_values(pg_up{system="$system"}, job)'],
        ["instance", 'label_values(pg_up{system="$system", job=~"$job"}, instance)'],
      ],
    );
    assert.deepEqual(made.links[0]?.tags, ["shop"]);
    const names = (model: { readonly model: object }) => variablesOf(modelOf(model)).map(({ name }) => name);
    assert.deepEqual(names(grafanaDashboard({ ...board, of: "cluster" })), ["datasource", "job", "instance"]);
    const elsewhere = graph({ ...words, source: "graphite" }, { a: "b" });
    assert.deepEqual(names(grafanaDashboard({ ...board, panels: [elsewhere] })), []);
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

/** A system without a cAdvisor of its own. */
const watchedBy = (monitoring: "own" | "cluster") =>
  ({ system: "algo-trading", monitoring, services: [], resources: {}, scrapes: [] }) as const;

describe("panels", () => {
  it("of profit and loss show what a trader asks for", () => {
    const { panels } = modelOf(pnlDashboard(watchedBy("cluster")));
    const own = 'system="$system", job=~"$job", instance=~"$instance"';
    const orders = (outcome: string): string => `sum(rate(trading_orders_${outcome}{${own}}[$__rate_interval]))`;
    const containers = 'image!="", name=~"(.+-)?$system[-/].+"';
    assert.deepEqual(
      panels.map(({ type, title, targets }) => [type, title, ...targets.map(({ expr }) => expr)]),
      [
        ["stat", "P&L", `sum(trading_pnl_usd{${own}})`],
        ["stat", "Drawdown", `max(trading_drawdown_percent{${own}})`],
        ["stat", "Fill ratio", `${orders("filled")} / (${orders("total")} > 0) or 0 * ${orders("total")}`],
        ["stat", "Age of prices", `time() - max(trading_last_price_update_timestamp{${own}})`],
        ["timeseries", "P&L over time", `sum(trading_pnl_usd{${own}})`],
        ["timeseries", "Drawdown over time", `max(trading_drawdown_percent{${own}})`],
        ["timeseries", "Orders by outcome", orders("total"), orders("filled"), orders("rejected")],
        ["timeseries", "Execution time", `max(trading_order_execution_avg_ms{${own}})`],
        ["timeseries", "Age of prices over time", `time() - max(trading_last_price_update_timestamp{${own}})`],
        [
          "timeseries",
          "Memory of containers",
          `container_memory_usage_bytes{${containers}} / (container_spec_memory_limit_bytes{${containers}} > 0)`,
        ],
      ],
    );
    const without = modelOf(pnlDashboard(watchedBy("own"))).panels;
    assert.ok(without.every(({ title }) => title !== "Memory of containers"));
    const drawdown = panels.find(({ title }) => title === "Drawdown over time");
    assert.deepEqual(drawdown?.fieldConfig.defaults.thresholds?.steps[1], { value: 5, color: "red" });
  });

  it("overlap nowhere, and none sticks out", () => {
    const panels = [...containerPanels(), ...postgresBoard("app").panels, ...redisBoard().panels];
    const placed = modelOf(grafanaDashboard({ system: "shop", slug: "all", title: "All", panels })).panels;
    const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) => {
      assert.ok(x + w <= 24, `a panel ends at column ${x + w}`);
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`);
    });
    assert.equal(new Set(cells).size, cells.length);
  });

  it("of a database read what is said of that one", () => {
    const expressions = postgresBoard("app").panels.flatMap(({ queries }) => queries.map(({ expr }) => expr));
    assert.equal(expressions.filter((expression) => expression.includes('datname="app"')).length, 7);
  });
});

describe("queries", () => {
  it("select what is chosen above the dashboard, and what else is said", () => {
    assert.equal(
      ofSystem.rate("a_total", 'code="500"'),
      'rate(a_total{system="$system", job=~"$job", instance=~"$instance", code="500"}[$__rate_interval])',
    );
    assert.equal(ofCluster.grown("a_total"), 'increase(a_total{job=~"$job", instance=~"$instance"}[$__range])');
    assert.equal(share("a", "b"), "a / (b > 0) or 0 * b");
  });

  it("are asked with everything chosen, and not with what nobody can choose", () => {
    const choice = { system: "shop", rateInterval: "1m" };
    assert.equal(
      asked(ofSystem.rate("a_total"), choice),
      'rate(a_total{system="shop", job=~".+", instance=~".+"}[1m])',
    );
    assert.equal(
      asked("SELECT last(a) FROM b WHERE $timeFilter GROUP BY time($__interval)", choice),
      "SELECT last(a) FROM b WHERE time > now() - 10m GROUP BY time(30s)",
    );
    assert.throws(() => asked(ofSystem.of("a"), { rateInterval: "1m" }), /has the variable \$system, which nobody/);
  });
});
