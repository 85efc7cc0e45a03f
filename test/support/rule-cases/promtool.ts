import type { AlertGroup } from "../../../components/monitoring/rules";
import type { RuleCases, Series } from "./case";
import { clusterCases } from "./cluster";
import { kubernetesCases } from "./kubernetes";
import { machineCases } from "./machines";
import { monitoringCases } from "./monitoring";
import { serviceCases } from "./service";

/** Series for each rule that all systems have in common. The watchdog needs none: it fires whatever there is. */
const ruleCases: RuleCases = {
  Watchdog: { fires: {}, silent: {} },
  ...monitoringCases,
  ...machineCases,
  ...serviceCases,
  ...kubernetesCases,
  ...clusterCases,
};

/** Minutes after which is looked; longer than any rule has to hold. */
const minutes = 75;

function values(given: string | number): string {
  if (typeof given === "number") return `${given}+0x${minutes}`;
  return given.startsWith("+") ? `0${given}x${minutes}` : given;
}

const inputs = (series: Series): readonly object[] =>
  Object.entries(series).map(([name, given]) => ({ series: name, values: values(given) }));

/** What promtool is to expect at the end: how many alerts of that name and severity fire. */
const firing = (alert: string, severity: string, fires: boolean): object => ({
  expr: `count(ALERTS{alertname="${alert}", alertstate="firing", severity="${severity}"}) > bool 0`,
  eval_time: `${minutes}m`,
  exp_samples: fires ? [{ labels: "{}", value: 1 }] : [],
});

/** A file for `promtool test rules` of the alerts of one name: once with what makes them fire, and once with what does not. */
export function promtoolTest(file: string, { name, alerts }: AlertGroup): object {
  const { fires, silent } = ruleCases[name] ?? { fires: {}, silent: {} };
  const severities = [...new Set(alerts.map(({ severity }) => severity))];
  const test = (series: Series, isOn: boolean): object => ({
    interval: "1m",
    name: `${name} ${isOn ? "fires" : "is silent"}`,
    input_series: inputs(series),
    promql_expr_test: severities.map((severity) => firing(name, severity, isOn)),
  });
  return {
    rule_files: [file],
    evaluation_interval: "1m",
    tests: [test(fires, true), ...(name === "Watchdog" ? [] : [test(silent, false)])],
  };
}

/** The alerts of all groups that have a case, those of one name together; and the names of those that have none. */
export function tried(groups: readonly AlertGroup[]): {
  readonly groups: readonly AlertGroup[];
  readonly untried: readonly string[];
} {
  const byName = Map.groupBy(
    groups.flatMap(({ alerts }) => alerts),
    ({ name }) => name,
  );
  const all = [...byName].map(([name, alerts]) => ({ name, alerts }));
  const has = ({ name }: AlertGroup): boolean => ruleCases[name] !== undefined;
  return { groups: all.filter(has), untried: all.filter((group) => !has(group)).map(({ name }) => name) };
}
