import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { ruleObjects } from "../../components/monitoring/cluster/rules";
import { ruleFile } from "../../components/monitoring/rules";
import { errorBudgetAlerts } from "../../components/monitoring/rules/error-budget";
import { run } from "../../images/command";
import { upstream } from "../../images/table";
import { commonGroups } from "../support/alerts";
import { monitoringOptions } from "../support/cluster-monitoring";
import { errorBudgetTests } from "../support/rule-cases/error-budget";
import { promtoolTest, tried } from "../support/rule-cases/promtool";
import { systemOfNamespaceTest } from "../support/rule-cases/system-of-namespace";
import { buildMilliseconds, presentImages } from "./present-images";

describe("the rules that all systems have in common, by promtool", function () {
  this.timeout(120_000);
  let folder: string;
  let image: string;

  before(async function () {
    this.timeout(buildMilliseconds);
    image = (await presentImages([upstream("prometheus")]))(upstream("prometheus"));
    folder = mkdtempSync(join(tmpdir(), "twofold-rules-"));
    chmodSync(folder, 0o755); // promtool has a user of its own
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (file: string, content: object): void => writeFileSync(join(folder, file), stringify(content));
  const promtool = (...args: readonly string[]): Promise<string> =>
    run("docker", [
      ...["run", "--rm", "--network", "none", "--volume", `${folder}:/given:ro`, "--workdir", "/given"],
      ...["--entrypoint", "promtool", image, ...args],
    ]);

  it("are rules, and none is there twice", async () => {
    for (const group of commonGroups) write(`${group.name}.yml`, ruleFile(group));
    const files = commonGroups.map(({ name }) => `${name}.yml`);
    const said = await promtool("check", "rules", "--lint=all", "--lint-fatal", ...files);
    assert.equal(said.match(/SUCCESS: [1-9]\d* rules found/g)?.length, commonGroups.length, said);
  });

  it("fire when they should, with each of their severities, and not when all is nearly well", async () => {
    const { groups, untried } = tried(commonGroups);
    assert.deepEqual(untried, ["KubeAPIErrorBudgetBurn"]);
    for (const group of groups) {
      write(`${group.name}.yml`, ruleFile(group));
      write(`${group.name}.test.yml`, promtoolTest(`${group.name}.yml`, group));
    }
    const said = await promtool("test", "rules", ...groups.map(({ name }) => `${name}.test.yml`));
    assert.equal(said.match(/SUCCESS/g)?.length, groups.length, said);
  });

  it("tell of a service that is gone as of the same that did not answer before", async () => {
    const [group] = tried(commonGroups).groups.filter(({ name }) => name === "ServiceDown");
    assert.ok(group !== undefined);
    write("gone.yml", ruleFile(group));
    const firing = (eval_time: string) => ({
      expr: 'count(ALERTS{alertname="ServiceDown", alertstate="firing"})',
      eval_time,
      exp_samples: [{ labels: "{}", value: 1 }],
    });
    const test = {
      interval: "15s",
      input_series: [{ series: 'up{system="shop", service="api", instance="1"}', values: "0x8 stale" }],
      promql_expr_test: [firing("2m"), firing("2m15s"), firing("2m30s")],
    };
    write("gone.test.yml", { rule_files: ["gone.yml"], evaluation_interval: "15s", tests: [test] });
    assert.match(await promtool("test", "rules", "gone.test.yml"), /SUCCESS/);
  });

  it("tell of which system a container of a cluster is, by its namespace, and of none where that is no system's", async () => {
    const [object] = ruleObjects(monitoringOptions()).filter(({ metadata }) => metadata.name === "containers");
    assert.ok(object !== undefined);
    write("containers.yml", object["spec"] as object);
    write("containers.test.yml", systemOfNamespaceTest("containers.yml"));
    assert.match(await promtool("test", "rules", "containers.test.yml"), /SUCCESS/);
  });

  it("are judged: what fires without a reason is an error, and what does not fire", async () => {
    const [group] = tried(commonGroups).groups.filter(({ name }) => name === "TargetDown");
    assert.ok(group !== undefined);
    for (const expr of ["vector(0) > 1", "vector(1)"]) {
      write("wrong.yml", ruleFile({ ...group, alerts: group.alerts.map((alert) => ({ ...alert, expr })) }));
      write("wrong.test.yml", promtoolTest("wrong.yml", group));
      await assert.rejects(promtool("test", "rules", "wrong.test.yml"));
    }
  });

  it("tell of an error budget: an outage within 5 minutes, a slow burn without waking anybody, a moment not at all", async () => {
    const alerts = errorBudgetAlerts({
      name: "ApiErrorBudgetBurn",
      objective: 0.999,
      errors: (window) => `sum(rate(http_requests_total{code="500"}[${window}]))`,
      total: (window) => `sum(rate(http_requests_total[${window}]))`,
      summary: "the api fails more often than it may",
    });
    write("budget.yml", ruleFile({ name: "budget", alerts }));
    const tests = errorBudgetTests("budget.yml").map((content, index) => {
      write(`budget-${index}.test.yml`, content);
      return `budget-${index}.test.yml`;
    });
    const said = await promtool("test", "rules", ...tests);
    assert.equal(said.match(/SUCCESS/g)?.length, tests.length, said);
  });
});
