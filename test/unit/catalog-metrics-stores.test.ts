import assert from "node:assert/strict";
import { type CatalogueBuilder, defineSystem } from "../../components/builder";
import type { SystemPlan } from "../../components/core/plan-types";
import { contentOf, serviceOf } from "../support/algo-trading";
import { expressionsIn } from "../support/metric-names";

const planShop = (describe: (shop: CatalogueBuilder) => void): SystemPlan => defineSystem("shop", describe).plan();

describe("the catalogue's stores of metrics", () => {
  const plan = planShop((shop) => {
    const points = shop.influxdb("points", { database: "sales", user: "clerk", storageMiB: 512 });
    const retentions = [{ name: "sales", pattern: "^sales\\.", retentions: "30s:1d" }];
    const graphite = shop.graphite("graphite", { retentions, hostPort: 18000 });
    const statsd = shop.statsd("statsd", { graphite });
    shop
      .service("till", { image: "till:1" })
      .connectsTo(points, { env: ({ url, value }) => ({ POINTS_URL: url, POINTS_USER: value("user") }) })
      .connectsTo(statsd.endpoint("statsd"), { env: ({ host, port }) => ({ STATSD: `${host}:${port}` }) });
  });

  it("influxdb asks for passwords, which are secrets in files, and offers those of the database's user only", () => {
    const points = serviceOf(plan, "points");
    assert.deepEqual(
      points.files.filter(({ mode }) => mode === 0o400).map(({ path, content }) => [path, JSON.stringify(content)]),
      [
        ["/run/secrets/influxdb-admin-password", '{"secret":"shop/points-admin-password"}'],
        ["/run/secrets/influxdb-password", '{"secret":"shop/points-password"}'],
      ],
    );
    const start = contentOf(points, "/etc/influxdb/start.sh");
    assert.match(start, /INFLUXDB_HTTP_AUTH_ENABLED=true INFLUXDB_HTTP_BIND_ADDRESS=:8086\nexec influxd\n$/);
    assert.deepEqual(points.probes.ready, {
      http: { port: "http", path: "/ping" },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failures: 5,
    });
    assert.deepEqual(
      [serviceOf(plan, "till").env["POINTS_URL"], serviceOf(plan, "till").env["POINTS_USER"]],
      ["http://points:8086", "clerk"],
    );
    assert.deepEqual(points.volumes, { data: { path: "/var/lib/influxdb", sizeMiB: 512, keep: false } });
  });

  it("influxdb is watched: its own metrics, an alert when it is gone, a dashboard that reads no others", () => {
    assert.deepEqual(
      plan.alerts.map(({ name, service }) => `${service} ${name}`),
      ["points InfluxDbDown"],
    );
    const [scrape] = plan.scrapes;
    const names = ["up", ...(scrape?.names ?? [])];
    for (const expression of plan.dashboards.flatMap(({ model }) => expressionsIn(model))) {
      assert.match(expression, /job="points"/);
      assert.ok(
        names.some((name) => expression.includes(`${name}{`)),
        expression,
      );
    }
  });

  it("graphite keeps points as it is told, the rest otherwise, and takes no pickles", () => {
    const graphite = serviceOf(plan, "graphite");
    const schemas = contentOf(graphite, "/etc/graphite/storage-schemas.conf");
    assert.deepEqual(
      [...schemas.matchAll(/^\[(.*)\]\npattern = (.*)\n/gm)].map(([, name, pattern]) => [name, pattern]),
      [
        ["carbon", "^carbon\\."],
        ["sales", "^sales\\."],
        ["rest", ".*"],
      ],
    );
    const carbon = contentOf(graphite, "/etc/graphite/carbon.conf");
    assert.match(carbon, /^PICKLE_RECEIVER_PORT = 0$/m);
    assert.match(carbon, /^LINE_RECEIVER_PORT = 2003$/m);
    assert.deepEqual(graphite.ports, {
      carbon: { number: 2003, protocol: "tcp", exposure: "internal" },
      http: { number: 8080, protocol: "tcp", exposure: "loopback", hostNumber: 18000 },
    });
  });

  it("statsd takes datagrams, is one of its kind, and sends lines to carbon", () => {
    const statsd = serviceOf(plan, "statsd");
    assert.deepEqual([statsd.singleton, statsd.ports["statsd"]?.protocol], [true, "udp"]);
    assert.deepEqual([statsd.env["GRAPHITE_HOST"], statsd.env["GRAPHITE_PORT"]], ["graphite", "2003"]);
    assert.deepEqual(
      plan.connections.map(({ from, to, port, protocol }) => `${from} ${to}:${port}/${protocol}`),
      ["statsd graphite:2003/tcp", "till points:8086/tcp", "till statsd:8125/udp"],
    );
    // the program evaluates the file as the value of a variable
    const config = new Function("process", `return ${contentOf(statsd, "/etc/statsd/config.js")}`)({ env: statsd.env });
    const { port, graphiteHost, graphitePort, backends } = config as Readonly<Record<string, unknown>>;
    assert.deepEqual([port, graphiteHost, graphitePort, backends], [8125, "graphite", 2003, ["./backends/graphite"]]);
  });
});
