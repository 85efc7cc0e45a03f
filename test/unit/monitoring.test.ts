import assert from "node:assert/strict";
import { parse } from "yaml";
import { defineSystem } from "../../components/builder";
import { hastened, ruleFile } from "../../components/monitoring/rules";
import { jobOf, prometheusConfig } from "../../components/monitoring/scrape";
import { contentOf, serviceOf } from "../support/algo-trading";

describe("prometheusConfig", () => {
  const scrape = { service: "api", port: 8080, path: "/m", intervalSeconds: 20, timeoutSeconds: 9, names: [] };

  it("looks services up by the name of their pods, so that every replica is a target", () => {
    assert.deepEqual(
      prometheusConfig({
        system: "shop",
        scrapes: [scrape],
        prometheus: "prometheus",
        alertmanager: "am:1",
        ruleFiles: "/r/*.yml",
      }),
      {
        global: { scrape_interval: "15s", evaluation_interval: "15s", external_labels: { system: "shop" } },
        rule_files: ["/r/*.yml"],
        alerting: { alertmanagers: [{ static_configs: [{ targets: ["am:1"] }] }] },
        scrape_configs: [
          {
            job_name: "api",
            metrics_path: "/m",
            scrape_interval: "20s",
            scrape_timeout: "9s",
            dns_sd_configs: [{ names: ["api-pods"], type: "A", port: 8080, refresh_interval: "20s" }],
            relabel_configs: [
              { target_label: "service", replacement: "api" },
              { target_label: "system", replacement: "shop" },
            ],
          },
        ],
      },
    );
  });

  it("has Prometheus ask itself by its own address, and sends alerts nowhere without an Alertmanager", () => {
    assert.deepEqual(
      prometheusConfig({ system: "shop", scrapes: [scrape], prometheus: "api", ruleFiles: "/r/*.yml" }),
      {
        global: { scrape_interval: "15s", evaluation_interval: "15s", external_labels: { system: "shop" } },
        rule_files: ["/r/*.yml"],
        scrape_configs: [
          {
            job_name: "api",
            metrics_path: "/m",
            scrape_interval: "20s",
            scrape_timeout: "9s",
            static_configs: [{ targets: ["localhost:8080"] }],
            relabel_configs: [
              { target_label: "service", replacement: "api" },
              { target_label: "system", replacement: "shop" },
            ],
          },
        ],
      },
    );
  });

  it("calls a job after what its exporter speaks for", () => {
    assert.deepEqual(["redis-exporter", "exporter-of-all", "api"].map(jobOf), ["redis", "exporter-of-all", "api"]);
  });
});

describe("ruleFile", () => {
  it("writes rules in Prometheus' words, whole minutes as minutes", () => {
    const rule = { name: "Slow", expr: "a > 1", severity: "warning", summary: "it is slow" } as const;
    const full = { ...rule, forSeconds: 90, description: "by {{ $value }}", runbook: "page#slow" };
    const [first, ...others] = [full, { ...rule, forSeconds: 120 }, { ...rule, forSeconds: 0 }];
    const { groups } = ruleFile({ name: "shop", alerts: [first, ...others] }) as {
      groups: { name: string; rules: { for: string }[] }[];
    };
    assert.equal(groups[0]?.name, "shop");
    assert.deepEqual(groups[0]?.rules[0], {
      alert: "Slow",
      expr: "a > 1",
      for: "90s",
      labels: { severity: "warning" },
      annotations: { summary: "it is slow", description: "by {{ $value }}", runbook_url: "page#slow" },
    });
    assert.deepEqual(
      groups[0]?.rules.map((each) => each.for),
      ["90s", "2m", "0s"],
    );
  });

  it("has alerts hold and stay for less in a rehearsal, in whole seconds, of the same expression", () => {
    const rule = { name: "Slow", expr: "a > 1", severity: "warning", summary: "it is slow", forSeconds: 90 } as const;
    const group = {
      name: "shop",
      alerts: [
        { ...rule, keepFiringSeconds: 300 },
        { ...rule, forSeconds: 0 },
      ],
    };
    assert.deepEqual(hastened(group, 0.05), {
      name: "shop",
      alerts: [{ ...rule, forSeconds: 5, keepFiringSeconds: 15 }, group.alerts[1]],
    });
    assert.deepEqual(hastened(group, 1), group);
  });

  it("names the service that an alert is stated of, its own labels, its dashboard, and how long it stays", () => {
    const rule = { name: "Slow", expr: "a > 1", severity: "info", summary: "it is slow", forSeconds: 60 } as const;
    const alert = { ...rule, service: "api", labels: { window: "1h" }, dashboard: "shop-api", keepFiringSeconds: 300 };
    assert.deepEqual(ruleFile({ name: "shop", alerts: [alert] }), {
      groups: [
        {
          name: "shop",
          rules: [
            {
              alert: "Slow",
              expr: "a > 1",
              for: "1m",
              keep_firing_for: "5m",
              labels: { service: "api", window: "1h", severity: "info" },
              annotations: { summary: "it is slow", dashboard_url: "/d/shop-api" },
            },
          ],
        },
      ],
    });
  });
});

describe("a rule file", () => {
  it("leads alerts of a group to its dashboard, unless they name another", () => {
    const rule = { expr: "a > 1", severity: "info", summary: "it is slow", forSeconds: 60 } as const;
    const alerts = [
      { ...rule, name: "Slow" },
      { ...rule, name: "Slower", dashboard: "shop-api" },
    ];
    const { groups } = ruleFile({ name: "shop", dashboard: "shop-overview", alerts }) as {
      readonly groups: readonly { readonly rules: readonly { readonly annotations: object }[] }[];
    };
    assert.deepEqual(
      groups.flatMap(({ rules }) => rules.map(({ annotations }) => annotations)),
      [
        { summary: "it is slow", dashboard_url: "/d/shop-overview" },
        { summary: "it is slow", dashboard_url: "/d/shop-api" },
      ],
    );
  });
});

describe("monitoring", () => {
  it("follows from statements made before and after it", () => {
    const shop = defineSystem("shop", (s) => {
      const ports = { http: { number: 80 } };
      const dashboard = { uid: "shop-api", title: "Api", model: { title: "Api" } };
      s.service("api", { image: "api:1", ports }).metricsOn("http").dashboard(dashboard);
      s.monitoring({ hostPorts: { prometheus: 19090 } });
      const late = s.service("late", { image: "late:1", ports }).metricsOn("http", { names: ["lag_seconds"] });
      late.alerts({ name: "Late", expr: "lag_seconds > 9", forSeconds: 60, severity: "info", summary: "it is late" });
    });
    const plan = shop.plan();
    const prometheus = serviceOf(plan, "prometheus");
    const scraped = plan.connections.filter(({ from }) => from === "prometheus").map(({ to, port }) => `${to} ${port}`);
    assert.deepEqual(scraped, ["alertmanager 9093", "api 80", "late 80"]);
    const rules: unknown = parse(contentOf(prometheus, "/etc/prometheus/alerts/shop.yml"));
    assert.deepEqual(
      (rules as { groups: { name: string; rules: { alert: string }[] }[] }).groups[0]?.rules[0]?.alert,
      "Late",
    );
    assert.equal(prometheus.ports["http"]?.hostNumber, 19090);
    const grafana = serviceOf(plan, "grafana");
    assert.deepEqual(JSON.parse(contentOf(grafana, "/etc/grafana/provisioning/dashboards/shop-api.json")), {
      title: "Api",
    });
    assert.equal(grafana.env["PROMETHEUS_URL"], "http://prometheus:9090");
    const sources: unknown = parse(contentOf(grafana, "/etc/grafana/provisioning/datasources/prometheus.yml"));
    assert.equal((sources as { datasources: { url: string }[] }).datasources[0]?.url, "$PROMETHEUS_URL");
    assert.equal(grafana.env["GF_SECURITY_ADMIN_PASSWORD__FILE"], "/run/secrets/grafana-admin-password");
  });
});
