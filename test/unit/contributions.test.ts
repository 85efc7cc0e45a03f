import assert from "node:assert/strict";
import type { ClosingView, Contribution } from "../../components/core/description";
import { defineSystem, type SystemBuilder } from "../../components/core/system";
import { SecretRef } from "../../components/core/value";
import { problemsIn } from "../support/problems";

const alert = { name: "Down", expr: "up == 0", forSeconds: 60, severity: "critical", summary: "down" } as const;

/** A monitor that knows of the other services only by what its hook is told. */
function describeMonitor(shop: SystemBuilder, contributions: (view: ClosingView) => readonly Contribution[]): void {
  shop.onClose(contributions);
  shop.service("monitor", { image: "monitor:1", files: [{ path: "/etc/monitor/own", content: "" }] });
  const api = shop.service("api", {
    image: "api:1",
    ports: { http: { number: 80 }, dns: { number: 53, protocol: "udp" } },
  });
  api.metricsOn("http", { names: ["b_total", "a_total"] }).alerts(alert);
  api.dashboard({ uid: "shop-api", title: "Api", model: {} });
}

describe("a closing hook", () => {
  it("sees the complete description, whenever it was stated, and only what is deployed", () => {
    const views: ClosingView[] = [];
    const resources = { cpuMillis: { request: 100 }, memoryMiB: { request: 128, limit: 256 }, pids: 256 };
    const definition = defineSystem("shop", (shop) =>
      describeMonitor(shop, (view) => {
        views.push(view);
        return [];
      }),
    );
    definition.plan({ only: ["monitor"] });
    assert.deepEqual(views, [
      {
        system: "shop",
        monitoring: "own",
        services: ["api", "monitor"],
        resources: { api: resources, monitor: resources },
        scrapes: [
          {
            service: "api",
            port: 80,
            path: "/metrics",
            intervalSeconds: 15,
            timeoutSeconds: 10,
            names: ["b_total", "a_total"],
          },
        ],
        alerts: [{ ...alert, service: "api" }],
        dashboards: [{ uid: "shop-api", title: "Api", model: {} }],
      },
      {
        system: "shop",
        monitoring: "own",
        services: ["monitor"],
        resources: { monitor: resources },
        scrapes: [],
        alerts: [],
        dashboards: [],
      },
    ]);
  });

  it("cannot change the description through what it sees", () => {
    const definition = defineSystem("shop", (shop) =>
      describeMonitor(shop, (view) => {
        assert.throws(() => Object.assign(view.scrapes[0] ?? {}, { port: 81 }), TypeError);
        assert.throws(() => (view.services as string[]).push("x"), TypeError);
        return [];
      }),
    );
    assert.deepEqual(definition.plan().scrapes[0]?.names, ["b_total", "a_total"]);
  });

  it("adds files and connections that do not wait", () => {
    const plan = defineSystem("shop", (shop) =>
      describeMonitor(shop, ({ scrapes }) => [
        {
          service: "monitor",
          files: [{ path: "/etc/monitor/jobs", content: scrapes.map(({ service }) => service).join() }],
          connections: [
            { to: "api", port: 80 },
            { to: "api", port: 53 },
            { to: "api", port: 80 },
          ],
        },
      ]),
    ).plan();
    const monitor = plan.services.find(({ name }) => name === "monitor");
    assert.deepEqual(monitor?.files, [
      { path: "/etc/monitor/jobs", content: "api", mode: 0o444, uid: 10001, gid: 10001 },
      { path: "/etc/monitor/own", content: "", mode: 0o444, uid: 10001, gid: 10001 },
    ]);
    assert.deepEqual(monitor?.waits, []);
    assert.deepEqual(plan.connections, [
      { from: "monitor", to: "api", port: 53, protocol: "udp" },
      { from: "monitor", to: "api", port: 80, protocol: "tcp" },
    ]);
  });

  it("brings the secrets of its files into the plan", () => {
    const definition = defineSystem("shop", (shop) => {
      const key = shop.secret("key");
      describeMonitor(shop, () => [
        { service: "monitor", files: [{ path: "/etc/monitor/key", content: key, mode: 0o400 }] },
      ]);
    });
    assert.deepEqual(
      definition.plan().secrets.map(({ ref }) => ref.id),
      ["shop/key"],
    );
    assert.deepEqual(definition.plan({ only: ["api"] }).secrets, []);
  });

  const refused: readonly (readonly [string, Contribution, ...string[]])[] = [
    [
      "for an unknown service",
      { service: "moniter" },
      'onClose: names "moniter", which is no service; did you mean monitor?',
    ],
    [
      "with a connection to an unknown service",
      { service: "monitor", connections: [{ to: "apy", port: 80 }] },
      'onClose.monitor.connections.apy: names "apy", which is no service; did you mean api?',
    ],
    [
      "with a connection to an unknown port",
      { service: "monitor", connections: [{ to: "api", port: 81 }] },
      "onClose.monitor.connections.api: names the port 81; did you mean 80?",
    ],
    [
      "with a path that is taken",
      { service: "monitor", files: [{ path: "/etc/monitor/own", content: "" }] },
      "services.monitor.files.1.path: is /etc/monitor/own, as another file's; give each file a path of its own",
    ],
    [
      "with a secret that is not declared",
      { service: "monitor", files: [{ path: "/etc/monitor/key", content: new SecretRef("shop", "lost") }] },
      "services.monitor.files./etc/monitor/key: needs the secret shop/lost, which is not declared; declare it with secret(…) of this system",
    ],
    [
      "of the wrong shape",
      { service: "monitor", files: [{ path: "key", content: 1 as unknown as string }], env: {} } as Contribution,
      'onClose.0.files.0.path: is "key"; use an absolute path without a colon, without . or .. and without a slash at its end',
      "onClose.0.files.0.content: is a number; use a string, a secret's reference, or text`…`",
      "onClose.0.env: is not a known name; use one of connections, files, service",
    ],
  ];
  for (const [title, contribution, ...expected] of refused)
    it(`is refused ${title}`, () => {
      assert.deepEqual(
        problemsIn((shop) => describeMonitor(shop, () => [contribution])),
        expected,
      );
    });

  it("does not run while the description has problems of its own", () => {
    let calls = 0;
    problemsIn((shop) => {
      shop.onClose(() => {
        calls++;
        return [];
      });
    });
    assert.equal(calls, 0);
  });
});
