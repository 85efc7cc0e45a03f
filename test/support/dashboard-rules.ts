import { asksPrometheus, type DashboardModel, type PanelModel, variablesOf } from "../../dashboards/model";
import { parsePromql, type Selector } from "./promql";

/** What a dashboard has to keep to; those of Grafana's dashboard-linter have its names. */
interface Rule {
  readonly name: string;
  /** What is wrong, each with its place. */
  readonly check: (dashboard: DashboardModel) => readonly string[];
}

const panelRule = (name: string, check: (panel: PanelModel, dashboard: DashboardModel) => readonly string[]): Rule => ({
  name,
  check: (dashboard) =>
    dashboard.panels.flatMap((panel) => check(panel, dashboard).map((wrong) => `${panel.title}: ${wrong}`)),
});

const queryRule = (name: string, check: (expression: string) => readonly string[]): Rule =>
  panelRule(name, (panel) =>
    asksPrometheus(panel) ? panel.targets.flatMap(({ expr }) => (expr === undefined ? [] : check(expr))) : [],
  );

const selectorRule = (name: string, check: (selector: Selector) => string | undefined): Rule =>
  queryRule(name, (expression) =>
    parsePromql(expression).selectors.flatMap((selector) => {
      const wrong = check(selector);
      return wrong === undefined ? [] : [`${selector.metric} ${wrong}`];
    }),
  );

const prometheusAlone = (dashboard: DashboardModel): boolean => dashboard.panels.some(asksPrometheus);

/** A variable that is a choice of several of a label's values, from the chosen data source. */
const choiceRule = (name: string, label: string): Rule => ({
  name,
  check: (dashboard) => {
    if (!prometheusAlone(dashboard)) return [];
    const found = variablesOf(dashboard).find((variable) => variable.name === label);
    if (found === undefined) return [`there is no variable ${label}`];
    const { type, datasource, multi, includeAll, allValue, label: shown, query } = found;
    const wrong = {
      "is no query": type !== "query",
      "asks another data source": datasource?.uid !== "$datasource",
      "allows one value only": multi !== true,
      "does not offer all": includeAll !== true || allValue !== ".+",
      "is called otherwise": shown?.toLowerCase() !== label,
      "chooses another label": query?.endsWith(`, ${label})`) !== true,
    };
    return Object.entries(wrong).flatMap(([says, is]) => (is ? [`${label} ${says}`] : []));
  },
});

const matcherRule = (name: string, label: string): Rule =>
  selectorRule(name, ({ matchers }) =>
    matchers.includes(`${label}=~"$${label}"`) ? undefined : `is not chosen by ${label}`,
  );

/** Series of which the reporter's job and instance say nothing: other labels tell whom they are about. */
const aboutOthers = /^(ALERTS|container_|kube_)/;

const units = new Set([
  ...["short", "percent", "percentunit", "bytes", "Bps", "s", "ms", "ops", "reqps", "wps", "rps", "iops"],
  ...["currencyUSD", "currencyRUB", "dtdurations"],
]);

/** Functions that make sense of a counter. */
const ofCounters = ["rate", "irate", "increase", "resets", "changes", "absent", "count"];

/** The names of metrics that are counters. */
const isCounter = (metric: string): boolean => /_total$/.test(metric);

/** The 17 rules of dashboard-linter. */
const linterRules: readonly Rule[] = [
  {
    name: "template-datasource-rule",
    check: (dashboard) => {
      const [found] = variablesOf(dashboard).filter(({ type }) => type === "datasource");
      if (!prometheusAlone(dashboard)) return [];
      if (found === undefined) return ["there is no variable for the data source"];
      return found.name === "datasource" && found.query === "prometheus" && found.label === "Data source"
        ? []
        : ["the variable for the data source is called otherwise, or is of another kind"];
    },
  },
  choiceRule("template-job-rule", "job"),
  choiceRule("template-instance-rule", "instance"),
  {
    name: "template-label-promql-rule",
    check: (dashboard) =>
      variablesOf(dashboard)
        .filter(({ type }) => type === "query")
        .flatMap(({ name, query = "" }) => {
          const [, series] = /^label_values\((.+), \w+\)$/.exec(query) ?? [];
          return series === undefined || parsePromql(series).mistakes.length > 0 ? [`${name}: cannot be read`] : [];
        }),
  },
  {
    name: "template-on-time-change-reload-rule",
    check: (dashboard) =>
      variablesOf(dashboard)
        .filter(({ type, refresh }) => type === "query" && refresh !== 2)
        .map(({ name }) => `${name}: is not read again when another time is shown`),
  },
  panelRule("panel-datasource-rule", (panel) =>
    asksPrometheus(panel) && panel.datasource.uid !== "$datasource" ? ["asks a data source that is not chosen"] : [],
  ),
  panelRule("panel-title-description-rule", ({ title, description }) =>
    (title ?? "") === "" || (description ?? "") === "" ? ["has no title or no description"] : [],
  ),
  panelRule("panel-units-rule", ({ fieldConfig }) =>
    units.has(fieldConfig.defaults.unit) ? [] : [`has the unit ${fieldConfig.defaults.unit}`],
  ),
  panelRule("panel-no-targets-rule", ({ targets }) => (targets.length === 0 ? ["asks nothing"] : [])),
  // there is no Loki: whoever adds its data source finds these two rules, and has to fill them in
  panelRule("target-logql-rule", ({ datasource }) => (datasource.type === "loki" ? ["asks Loki, unchecked"] : [])),
  panelRule("target-logql-auto-rule", ({ datasource }) => (datasource.type === "loki" ? ["asks Loki, unchecked"] : [])),
  queryRule("target-promql-rule", (expression) =>
    expression.trim() === ""
      ? ["is empty"]
      : parsePromql(expression).mistakes.map((mistake) => `${mistake} in ${expression}`),
  ),
  selectorRule("target-rate-interval-rule", ({ within, range }) =>
    /^i?rate$/.test(within ?? "") && range !== "90s" ? "has a range of its own, not $__rate_interval" : undefined,
  ),
  matcherRule("target-job-rule", "job"),
  matcherRule("target-instance-rule", "instance"),
  selectorRule("target-counter-agg-rule", ({ metric, within = "" }) =>
    isCounter(metric) && !ofCounters.includes(within) ? "is a counter, and is shown as it is" : undefined,
  ),
  {
    name: "uneditable-dashboard",
    check: ({ editable }) => (editable ? ["people may edit it, and would lose what they did"] : []),
  },
];

const largestModel = 900_000;
const mostPanels = 30;

/** What is asked beyond that. */
const ownRules: readonly Rule[] = [
  {
    name: "small-enough",
    check: (dashboard) => {
      const { length } = JSON.stringify(dashboard);
      return [
        ...(length > largestModel
          ? [`has ${length} characters, and a ConfigMap holds no more than ${largestModel}`]
          : []),
        ...(dashboard.panels.length > mostPanels ? [`has ${dashboard.panels.length} panels`] : []),
      ];
    },
  },
  {
    name: "linked-to-siblings",
    check: ({ tags, links }) =>
      links.some((link) => link.type === "dashboards" && link.keepTime && link.tags.join() === tags.join())
        ? []
        : ["does not lead to the other dashboards with its tag"],
  },
  panelRule("named-lines", ({ targets, datasource }) =>
    datasource.type === "prometheus" && targets.some(({ legendFormat = "" }) => legendFormat === "")
      ? ["has a line without a name"]
      : [],
  ),
  panelRule("titles-of-their-own", ({ title }, { panels }) =>
    panels.filter((other) => other.title === title).length > 1 ? ["is the title of several panels"] : [],
  ),
  panelRule("own-system", (panel, dashboard) => {
    if (!asksPrometheus(panel) || !variablesOf(dashboard).some(({ name }) => name === "system")) return [];
    return panel.targets
      .flatMap(({ expr = "" }) => parsePromql(expr).selectors)
      .filter(({ matchers }) => !matchers.some((matcher) => matcher.includes("$system")))
      .map(({ metric }) => `${metric} is that of every system`);
  }),
];

export const dashboardRules: readonly Rule[] = [...linterRules, ...ownRules];

/** What a rule does not hold for, and why. */
interface Exception {
  readonly rule: string;
  readonly where: RegExp;
  readonly because: string;
}

export const exceptions: readonly Exception[] = [
  ...["target-job-rule", "target-instance-rule"].map((rule) => ({
    rule,
    where: new RegExp(`: ${aboutOthers.source.slice(1)}`),
    because: "job and instance are those of the reporter; other labels say whom such a series is about",
  })),
  {
    rule: "target-counter-agg-rule",
    where: /^zigquant-main: Total Trades: zigquant_trades_total /,
    because: "it counts since the ledger was begun, which is on a volume; the counter itself is what is asked for",
  },
];

/** Everything that is wrong with a dashboard, as `rule: dashboard: panel: what`. */
export function lint(dashboard: DashboardModel): readonly { readonly rule: string; readonly says: string }[] {
  return dashboardRules.flatMap(({ name, check }) =>
    check(dashboard).map((wrong) => ({ rule: name, says: `${dashboard.uid}: ${wrong}` })),
  );
}

export const isExcepted = ({ rule, says }: ReturnType<typeof lint>[number], { rule: of, where }: Exception): boolean =>
  rule === of && where.test(says);
