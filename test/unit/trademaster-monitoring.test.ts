import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { SystemPlan } from "../../components/core/plan-types";
import { secretsIn } from "../../components/core/value";
import { stackSchema } from "../../config/stack";
import { systems } from "../../systems/index";
import { contentOf, serviceOf } from "../support/algo-trading";
import { expressionsIn, metricNames } from "../support/metric-names";
import { everyReceiver } from "../support/receivers";
import { containerOf } from "../support/rendered";
import { applications, development, firstOf, planTradeMaster, production } from "../support/trademaster";

describe("trademaster, watched", () => {
  it("is checked each 30 s, for 10 s, three times, after a minute to start [S2-48]", () => {
    for (const service of applications) {
      const { healthcheck } = containerOf(development, service);
      assert.deepEqual(
        [healthcheck.interval, healthcheck.timeout, healthcheck.retries, healthcheck.startPeriod],
        ["30s", "10s", 3, "1m0s"],
      );
      const probe = (path: string) => {
        const port = service === "api" ? 5000 : 8080;
        return { httpGet: { port, path }, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 3 };
      };
      assert.deepEqual(firstOf(production, service)["readinessProbe"], probe("/health"));
      assert.deepEqual(firstOf(production, service)["livenessProbe"], probe("/live"));
    }
  });

  it("is scraped at port 8000, which nothing else leads to [S2-49, S2-50]", () => {
    const own = production.scrapes.filter(({ service }) => applications.includes(service));
    assert.deepEqual(own.map(({ service, port }) => `${service} ${port}`).sort(), [
      "api 8000",
      "web 8000",
      "worker 8000",
    ]);
    const { names } = own.find(({ service }) => service === "worker") ?? { names: [] };
    const families = new Set(
      names.filter((name) => name.startsWith("trademaster_")).map((name) => name.replace(/_(bucket|count|sum)$/, "")),
    );
    assert.equal(families.size, 9);
    for (const plan of [development, production])
      for (const service of applications) assert.equal(serviceOf(plan, service).ports["metrics"]?.exposure, "internal");
  });

  it("keeps metrics for 200 hours [S2-51]", () => {
    assert.ok(serviceOf(production, "prometheus").args?.includes("--storage.tsdb.retention.time=200h"));
    const longer = planTradeMaster({ retentionHours: 400 });
    assert.ok(serviceOf(longer, "prometheus").args?.includes("--storage.tsdb.retention.time=400h"));
  });

  it("has node-exporter and cAdvisor look at a machine, and leaves that to a cluster [S2-52]", () => {
    const names = (plan: SystemPlan) => plan.services.map(({ name }) => name);
    for (const agent of ["node-exporter", "cadvisor"]) {
      assert.ok(names(development).includes(agent));
      assert.ok(!names(production).includes(agent));
    }
  });

  it("alerts at 85 percent of processor, memory and disk, on metrics that it exports, each with a page [S2-53]", () => {
    const own = serviceOf(production, "worker").alerts;
    for (const name of ["Cpu", "Memory", "Disk"]) {
      const alert = own.find((each) => each.name === `TradeMasterHigh${name}`);
      assert.match(alert?.expr ?? "", / > 85$/, name);
      assert.equal(alert?.forSeconds, 300);
    }
    const exported = new Set(["up", ...production.scrapes.flatMap(({ names }) => names)]);
    for (const { expr, runbook } of production.alerts) {
      assert.deepEqual(
        metricNames(expr).filter((name) => !exported.has(name)),
        [],
      );
      assert.ok(runbook !== undefined && existsSync(join(__dirname, "../..", runbook)), runbook);
    }
    for (const { model } of production.dashboards)
      for (const expression of expressionsIn(model))
        assert.deepEqual(
          metricNames(expression).filter((name) => !exported.has(name)),
          [],
        );
  });

  it("tells of alerts by mail, Slack and WeChat Work, whose secrets are files [S2-54]", () => {
    const config = stackSchema.parse({ systems: ["trademaster"], receivers: everyReceiver });
    const alertmanager = serviceOf(systems.trademaster(config).plan(), "alertmanager");
    const { receivers } = parse(contentOf(alertmanager, "/etc/alertmanager/alertmanager.yml")) as {
      readonly receivers: readonly object[];
    };
    const kinds = new Set(receivers.flatMap((receiver) => Object.keys(receiver)));
    for (const kind of ["email_configs", "slack_configs", "wechat_configs"]) assert.ok(kinds.has(kind), kind);
    const secrets = alertmanager.files.filter(({ content }) => secretsIn(content).length > 0);
    assert.ok(secrets.length >= 3);
    for (const { path, mode } of secrets) assert.match(`${path} ${mode.toString(8)}`, /^\/run\/secrets\/\S+ 400$/);
  });
});
