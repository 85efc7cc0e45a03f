import assert from "node:assert/strict";
import { grafanaDashboard } from "../../dashboards/grafana";
import { clusterPlatform } from "../../components/monitoring/rules/platform";
import { clusterBoards, clusterDashboards } from "../../dashboards/cluster";
import { overviewOf } from "../../dashboards/overview";
import { graph } from "../../dashboards/panels";
import { ofSystem } from "../../dashboards/promql";
import { type DashboardModel, modelOf } from "../../dashboards/model";
import { dashboardRules, exceptions, isExcepted, lint } from "../support/dashboard-rules";
import { everyDashboard, everyPlan } from "../support/every-dashboard";

describe("dashboards", () => {
  const found = everyDashboard().map((dashboard) => lint(modelOf(dashboard)));

  it("keep to every rule, but for what has a reason", () => {
    assert.ok(found.length > 25, `only ${found.length} were found`);
    const wrong = found.flat().filter((problem) => !exceptions.some((exception) => isExcepted(problem, exception)));
    assert.deepEqual(
      wrong.map(({ rule, says }) => `${rule}: ${says}`),
      [],
    );
  });

  it("need every exception", () => {
    const unused = exceptions.filter((exception) => !found.flat().some((problem) => isExcepted(problem, exception)));
    assert.deepEqual(unused, []);
  });
});

describe("an alert's dashboard", () => {
  it("is one of the cluster's, where an alert is the cluster's", () => {
    const uids = new Set(clusterDashboards().map(({ uid }) => uid));
    assert.deepEqual([...uids].sort(), Object.values(clusterBoards).sort());
    for (const { name, dashboard } of clusterPlatform) assert.ok(uids.has(dashboard ?? ""), name);
  });

  it("is there, whoever looks at the system, and is the overview where none is named", () => {
    for (const plan of everyPlan()) {
      const uids = new Set(plan.dashboards.map(({ uid }) => uid));
      assert.ok(uids.has(overviewOf(plan) ?? ""), `${plan.name} has no overview`);
      for (const { name, dashboard } of plan.alerts)
        if (dashboard !== undefined) assert.ok(uids.has(dashboard), `${name} of ${plan.name} leads to ${dashboard}`);
    }
  });
});

/** A dashboard in which nothing is wrong. */
const good = modelOf(
  grafanaDashboard({
    system: "shop",
    slug: "all",
    title: "All",
    panels: [graph({ title: "T", description: "D", unit: "s" }, { "{{job}}": ofSystem.rate("a_total") })],
  }),
);

type Loose = { [Key in keyof DashboardModel]: unknown };

const withPanel = (change: object): object => ({ ...good, panels: [{ ...good.panels[0], ...change }] });
const asking = (...expressions: readonly string[]): object =>
  withPanel({ targets: expressions.map((expr) => ({ refId: "A", expr, legendFormat: "l" })) });
const withVariable = (name: string, change: object): object => ({
  ...good,
  templating: {
    list: (good.templating?.list ?? []).map((variable) =>
      variable.name === name ? { ...variable, ...change } : variable,
    ),
  },
});
const chosen = 'system="$system", job=~"$job", instance=~"$instance"';

/** What each rule is there for: a dashboard that breaks it, and no other one. */
const broken: Readonly<Record<string, readonly object[]>> = {
  "template-datasource-rule": [
    withVariable("datasource", { query: "loki" }),
    { ...good, templating: { list: (good.templating?.list ?? []).slice(1) } },
  ],
  "template-job-rule": [
    withVariable("job", { multi: false }),
    withVariable("job", { query: "label_values(up, name)" }),
  ],
  "template-instance-rule": [withVariable("instance", { allValue: "" }), withVariable("instance", { name: "where" })],
  "template-label-promql-rule": [withVariable("system", { query: "label_values(up{, system)" })],
  "template-on-time-change-reload-rule": [withVariable("system", { refresh: 1 })],
  "panel-datasource-rule": [withPanel({ datasource: { type: "prometheus", uid: "prometheus" } })],
  "panel-title-description-rule": [withPanel({ description: "" }), withPanel({ title: undefined })],
  "panel-units-rule": [
    withPanel({ fieldConfig: { defaults: {} } }),
    withPanel({ fieldConfig: { defaults: { unit: "x" } } }),
  ],
  "panel-no-targets-rule": [withPanel({ targets: [] })],
  "target-logql-rule": [withPanel({ datasource: { type: "loki", uid: "loki" } })],
  "target-logql-auto-rule": [withPanel({ datasource: { type: "loki", uid: "loki" } })],
  "target-promql-rule": [asking(`sum(rate(a_total{${chosen}}[$__rate_interval])`), asking("")],
  "target-rate-interval-rule": [asking(`rate(a_total{${chosen}}[5m])`), asking(`sum(irate(a_total{${chosen}}[1h]))`)],
  "target-job-rule": [
    asking('a{system="$system", instance=~"$instance"}'),
    asking(`a{${chosen}} / b{${chosen.replace("$job", "x")}}`),
  ],
  "target-instance-rule": [asking('a{system="$system", job=~"$job"}')],
  "target-counter-agg-rule": [asking(`a_total{${chosen}}`), asking(`sum by (job) (a_total{${chosen}})`)],
  "uneditable-dashboard": [{ ...good, editable: true }],
  "small-enough": [
    { ...good, panels: Array.from({ length: 31 }, (_, index) => ({ ...good.panels[0], title: `T${index}` })) },
    { ...good, title: "x".repeat(900_000) },
  ],
  "linked-to-siblings": [
    { ...good, links: [] },
    { ...good, tags: ["another"] },
  ],
  "named-lines": [withPanel({ targets: [{ refId: "A", expr: `a{${chosen}}`, legendFormat: "" }] })],
  "titles-of-their-own": [{ ...good, panels: [good.panels[0], good.panels[0]] }],
  "own-system": [asking('a{job=~"$job", instance=~"$instance"}')],
};

/** Rules that one and the same mistake breaks. */
const together = new Set(["target-logql-rule", "target-logql-auto-rule"]);

describe("a rule about dashboards", () => {
  it("says nothing of what is good, and all have an example that is not", () => {
    assert.deepEqual(lint(good), []);
    assert.deepEqual(Object.keys(broken).sort(), dashboardRules.map(({ name }) => name).sort());
  });

  for (const [rule, examples] of Object.entries(broken))
    it(`finds what is wrong: ${rule}`, () => {
      for (const example of examples) {
        const rules = new Set(lint(example as Loose as DashboardModel).map((problem) => problem.rule));
        assert.ok(rules.has(rule), `${rule} finds nothing in ${JSON.stringify(example)}`);
        assert.deepEqual(
          [...rules].filter((name) => name !== rule && !together.has(name)),
          [],
        );
      }
    });
});
