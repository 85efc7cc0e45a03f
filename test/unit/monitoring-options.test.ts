import assert from "node:assert/strict";
import { parse } from "yaml";
import { defineSystem } from "../../components/builder";
import type { ServicePlan, SystemPlan } from "../../components/core/plan-types";
import type { MonitoringOptions } from "../../components/monitoring/stack";
import { grafanaDashboard } from "../../dashboards/grafana";
import { gauge, graph } from "../../dashboards/panels";
import { contentOf, serviceOf } from "../support/algo-trading";

const provisioning = "/etc/grafana/provisioning";

interface Provisioned {
  readonly datasources: readonly Readonly<Record<string, unknown>>[];
  readonly providers: readonly Readonly<Record<string, unknown>>[];
}

const provisioned = (grafana: ServicePlan, file: string): Provisioned =>
  parse(contentOf(grafana, `${provisioning}/${file}`)) as Provisioned;

describe("monitoring, as options want it", () => {
  const plan = (options: MonitoringOptions): SystemPlan =>
    defineSystem("shop", (shop) => void shop.monitoring(options)).plan();

  it("has no Alertmanager when that is not wanted: alerts are sent nowhere", () => {
    const quiet = plan({ alertmanager: false });
    assert.deepEqual(
      quiet.services.map(({ name }) => name),
      ["prometheus", "grafana"],
    );
    const config: unknown = parse(contentOf(serviceOf(quiet, "prometheus"), "/etc/prometheus/prometheus.yml"));
    assert.ok(!Object.hasOwn(config as object, "alerting"));
  });

  it("looks for dashboards as it is told", () => {
    const provider = { name: "shop", rescanSeconds: 10, deletable: true };
    const grafana = serviceOf(plan({ grafana: { provider } }), "grafana");
    assert.deepEqual(provisioned(grafana, "dashboards/files.yml").providers, [
      {
        name: "shop",
        orgId: 1,
        folder: "",
        type: "file",
        disableDeletion: false,
        allowUiUpdates: false,
        updateIntervalSeconds: 10,
        options: { path: `${provisioning}/dashboards` },
      },
    ]);
  });

  it("fetches plugins from where they are, and from nowhere when there are none", () => {
    const some = plan({ grafana: { plugins: ["grafana-clock-panel 2.1.3", "grafana-piechart-panel"] } });
    assert.equal(
      serviceOf(some, "grafana").env["GF_INSTALL_PLUGINS"],
      "grafana-clock-panel 2.1.3,grafana-piechart-panel",
    );
    assert.deepEqual(some.externals, [{ from: "grafana", host: "grafana.com", port: 443 }]);
    assert.deepEqual(plan({}).externals, []);
  });

  it("shows stores beside Prometheus, each by its connection, the password from a file", () => {
    const shop = defineSystem("shop", (s) => {
      const dataSources = [
        { type: "graphite", of: s.graphite("graphite") },
        { type: "influxdb", of: s.influxdb("influxdb", { database: "sales", user: "clerk" }) },
      ] as const;
      s.monitoring({ grafana: { dataSources } });
    }).plan();
    const grafana = serviceOf(shop, "grafana");
    const [graphite] = provisioned(grafana, "datasources/graphite.yml").datasources;
    assert.deepEqual(
      [graphite?.["uid"], graphite?.["url"], graphite?.["editable"]],
      ["graphite", "$GRAPHITE_URL", false],
    );
    const [influxdb] = provisioned(grafana, "datasources/influxdb.yml").datasources;
    assert.deepEqual(influxdb?.["secureJsonData"], { password: "$__file{/run/secrets/influxdb-password}" });
    assert.deepEqual(
      ["GRAPHITE_URL", "INFLUXDB_URL", "INFLUXDB_USER", "INFLUXDB_DATABASE"].map((name) => grafana.env[name]),
      ["http://graphite:8080", "http://influxdb:8086", "clerk", "sales"],
    );
    assert.ok(grafana.files.some(({ path, mode }) => path === "/run/secrets/influxdb-password" && mode === 0o400));
  });
});

describe("panels of other stores", () => {
  const words = { title: "T", description: "D", unit: "short" };
  const panels = [
    gauge(words, "a"),
    graph({ ...words, source: "graphite" }, { SBER: "stocks.SBER.price" }),
    graph({ ...words, source: "influxdb" }, { $tag_ticker: "SELECT last(price) FROM stock_price" }),
  ];
  const { model } = grafanaDashboard({ system: "shop", slug: "all", title: "All", panels });
  const made = (model as { panels: readonly Readonly<Record<string, unknown>>[] }).panels;

  it("ask in the words of their source", () => {
    assert.deepEqual(
      made.map(({ type, datasource, targets }) => [type, datasource, targets]),
      [
        ["gauge", { type: "prometheus", uid: "$datasource" }, [{ expr: "a", legendFormat: "T", refId: "A" }]],
        [
          "timeseries",
          { type: "graphite", uid: "graphite" },
          [{ refId: "A", target: 'alias(stocks.SBER.price, "SBER")' }],
        ],
        [
          "timeseries",
          { type: "influxdb", uid: "influxdb" },
          [
            {
              refId: "A",
              query: "SELECT last(price) FROM stock_price",
              alias: "$tag_ticker",
              rawQuery: true,
              resultFormat: "time_series",
            },
          ],
        ],
      ],
    );
  });
});
