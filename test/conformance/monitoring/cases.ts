import assert from "node:assert/strict";
import { jobOf } from "../../../components/monitoring/scrape";
import { clusterDashboards } from "../../../dashboards/cluster";
import { memoryRatio } from "../../../dashboards/containers";
import { expressionsIn } from "../../support/metric-names";
import { eventually } from "../eventually";
import type { DeployedSystem } from "../systems/deployed-system";
import { type DeployedMonitoring, kubectlDoes } from "./deployed-monitoring";
import { assertExported, type Reads } from "./joined";
import { everyPanelAnswers } from "./panels";

/** What the monitoring of a cluster sees of it and of these systems. Every case only looks. */
export function clusterMonitoringCases(monitoring: DeployedMonitoring, systems: () => readonly DeployedSystem[]): void {
  it("sees every target of the cluster and of the system, twice, and all are up", async () => {
    const watched = systems();
    for (const ordinal of [0, 1])
      await eventually(async () => {
        const targets = await monitoring.targets(ordinal);
        const jobs = targets.map(({ labels }) => labels["job"] ?? "");
        const expected = [
          ...["alertmanager", "alertmanager-config-reloader", "apiserver", "cadvisor", "kube-state-metrics"],
          ...["kube-state-metrics-itself", "kubelet", "node-exporter", "prometheus", "prometheus-config-reloader"],
          ...[
            "prometheus-operator",
            ...watched.flatMap(({ plan }) => plan.scrapes.map(({ service }) => jobOf(service))),
          ],
        ];
        assert.deepEqual([...new Set(jobs)].sort(), [...new Set(expected)].sort());
        const down = targets.filter(({ health }) => health !== "up");
        assert.deepEqual(
          down.map(({ labels, lastError }) => `${labels["job"]}: ${lastError}`),
          [],
        );
        for (const { name, plan, live } of watched)
          for (const { service } of plan.scrapes) {
            const own = targets.filter(({ labels }) => labels["system"] === name && labels["service"] === service);
            assert.equal(own.length, (await live.instances(service)).length, `${name}: ${service}`);
          }
      }, 120);
  });

  it("has every rule loaded, and none fails", async () => {
    const alerts = systems().flatMap(({ plan }) => plan.alerts);
    await eventually(async () => {
      const rules = await monitoring.rules();
      const names = rules.map(({ name }) => name);
      for (const { name } of alerts) assert.ok(names.includes(name), `${name} is not loaded`);
      assert.ok(names.includes("HighMemoryUsage"));
      assert.deepEqual(
        rules.filter(({ health }) => health !== "ok").map(({ name, health, lastError }) => [name, health, lastError]),
        [],
      );
    }, 90);
    const [failures] = await monitoring.query("sum(prometheus_rule_evaluation_failures_total)");
    assert.equal(failures?.value[1], "0");
    for (const metric of ["prometheus_config_last_reload_successful", "alertmanager_config_last_reload_successful"]) {
      const loaded = await monitoring.query(metric);
      assert.ok(loaded.length > 0 && loaded.every(({ value }) => value[1] === "1"), metric);
    }
  });

  it("knows of each container what it uses of its limit, by a name that people know", async () => {
    await eventually(async () => {
      const used = await monitoring.query(`${memoryRatio} > 0`);
      const [first] = systems().flatMap(({ plan }) => plan.services.filter(({ kind }) => kind === "stateful"));
      assert.ok(first !== undefined);
      const names = used.map(({ metric }) => metric["name"] ?? "");
      const ending = `/${first.name}-0/${first.name}`;
      assert.ok(
        names.some((name) => name.endsWith(ending)),
        `nothing ends with ${ending} among ${names.join(", ")}`,
      );
    }, 90);
  });

  it("has something to show in every panel of every dashboard", async () => {
    const ask = (expressions: readonly string[]) => Promise.all(expressions.map(valuesOf));
    const valuesOf = async (expression: string) =>
      (await monitoring.query(expression)).map(({ value }) => Number(value[1]));
    const rateInterval = "2m";
    await everyPanelAnswers({ rateInterval, dashboards: clusterDashboards(), ask });
    for (const { name, plan } of systems())
      await everyPanelAnswers({ system: name, rateInterval, dashboards: plan.dashboards, ask });
  });

  it("has everything that its rules and dashboards read", async () => {
    const rules = (await monitoring.rules()).map(({ name, query }) => [`alert ${name}`, [query]] as const);
    const found = JSON.parse(
      await kubectlDoes(["get", "configmaps", "-A", "-l", "grafana_dashboard", "-o", "json"]),
    ) as { readonly items: readonly { readonly data: Readonly<Record<string, string>> }[] };
    const dashboards = found.items.flatMap(({ data }) =>
      Object.entries(data).map(([file, model]) => [`dashboard ${file}`, expressionsIn(JSON.parse(model))] as const),
    );
    assert.ok(dashboards.length >= systems().flatMap(({ plan }) => plan.dashboards).length);
    const reads: Reads = new Map([...rules, ...dashboards]);
    await eventually(async () => {
      assertExported(reads, (await monitoring.prometheus("label/__name__/values")) as readonly string[]);
    }, 60);
  });
}
