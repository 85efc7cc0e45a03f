import assert from "node:assert/strict";
import { external } from "../../components/core/connect";
import type { DashboardPlan } from "../../components/core/plan-types";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { AlertRule, ServiceSpec } from "../../components/core/spec";
import { defineSystem, type SecretOptions, type SystemBuilder } from "../../components/core/system";
import { problemsIn, problemsOf } from "../support/problems";

const names = "use 1 to 40 of a-z, 0-9 and -, beginning with a letter";
const alert = { name: "Down", expr: "up == 0", forSeconds: 60, severity: "critical", summary: "down" } as const;
const api = { image: "api:1", ports: { http: { number: 80 } } } as const;

describe("defineSystem", () => {
  it("checks the system's name", () => {
    assert.deepEqual(
      problemsOf(() => defineSystem("My Shop", (system) => void system.service("api", api))),
      [`name: is "My Shop"; ${names}`],
    );
  });

  it("reports everything that is wrong at once, in the order of statements, then of checks", () => {
    const describe = (shop: SystemBuilder): void => {
      const broken = shop.service("broken", { image: "redis", replicas: 0, prots: {} } as ServiceSpec);
      const other = shop.service("other", { image: "other:1", singleton: true, replicas: 2, security: { user: 0 } });
      other.connectsTo(broken);
      other.reaches(external("https://x", 443)).metricsOn("http");
      shop.secret("Key", { generated: { lenght: 5 } } as SecretOptions);
    };
    const expected = [
      'services.broken.image: is "redis"; add a tag or a digest',
      "services.broken.replicas: is 0; use at least 1",
      "services.broken.prots: is not a known name; did you mean ports?",
      'services.other.reaches.host: is "https://x"; use a host\'s name or its address, without scheme, port or path',
      `secrets.Key: is "Key"; ${names}`,
      "secrets.Key.generated.lenght: is not a known name; did you mean length?",
      'services.other.metrics.port: names the port "http"; there is none to choose from',
      "services.other.replicas: is 2 for a singleton; use 1, or drop singleton",
      "services.other.security: is looser than the default: user is 0; say why in security.because",
    ];
    assert.deepEqual(problemsIn(describe), expected);
    assert.deepEqual(problemsIn(describe), expected);
  });

  it("never shows what may be a secret in clear", () => {
    const spec = {
      image: "api:1",
      env: { A: 271828, B: ["hunter2"], C: { hunter2: 1 } },
      files: [{ path: "/a/b", content: 271828 }],
    };
    const lines = problemsIn((shop) => void shop.service("api", spec as unknown as ServiceSpec)).join("\n");
    assert.equal(lines.split("\n").length, 4);
    assert.doesNotMatch(lines, /271828|hunter2/);
  });

  it("does not take an async function, which would go on after the description is closed", () => {
    assert.throws(
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- what the lint finds, programs without it must be told.
      () => defineSystem("shop", async (shop) => void shop.service("api", api)),
      /shop: the describing function is async; fetch what it needs before, and state it at once/,
    );
  });

  it("lets an error of the describing function through", () => {
    const mistake = new Error("mine");
    assert.throws(
      () =>
        defineSystem("shop", () => {
          throw mistake;
        }),
      mistake,
    );
  });

  it("takes what a catalogue function gives back", () => {
    defineSystem("shop", (shop) => {
      const handle = shop.use((system) => system.service("api", api));
      assert.equal(handle.name, "api");
    });
  });
});

describe("a statement that comes late", () => {
  const late: { builder?: SystemBuilder; handle?: ServiceHandle } = {};
  const definition = defineSystem("shop", (shop) => {
    late.builder = shop;
    late.handle = shop.service("api", api);
  });
  const { builder, handle } = late;
  assert.ok(builder && handle);

  const statements: Readonly<Record<string, () => unknown>> = {
    'service("late")': () => builder.service("late", api),
    'secret("late")': () => builder.secret("late"),
    "use(…)": () => builder.use(() => undefined),
    "onClose(…)": () => builder.onClose(() => []),
    "close()": () => builder.close(),
    "api.connectsTo(api)": () => handle.connectsTo(handle.endpoint("wrong")),
    "api.reaches(…)": () => handle.reaches(external("not a host", 0)),
    'api.metricsOn("http")': () => handle.metricsOn("http"),
    "api.alerts(…)": () => handle.alerts(alert),
    "api.dashboard(…)": () => handle.dashboard({ uid: "", title: "", model: {} }),
  };
  for (const [name, statement] of Object.entries(statements))
    it(`throws and changes nothing: ${name}`, () => {
      const before = definition.plan();
      assert.throws(statement, {
        name: "Error",
        message: `shop: ${name} came after the description was complete; state it inside defineSystem`,
      });
      assert.deepEqual(definition.plan(), before);
    });
});

describe("a service", () => {
  it("is declared once", () => {
    assert.deepEqual(
      problemsIn((shop) => {
        shop.service("api", api);
        shop.service("api", api);
      }),
      ["services.api: is declared twice; give each service a name of its own"],
    );
    assert.deepEqual(
      problemsIn((shop) => {
        shop.service("api", {} as ServiceSpec);
        shop.service("api", api);
      }),
      [
        "services.api.image: is missing; give a string or an object",
        "services.api: is declared twice; give each service a name of its own",
      ],
    );
  });

  it("states its metrics once, and rightly", () => {
    assert.deepEqual(
      problemsIn((shop) => {
        shop.service("a", { ...api, metrics: { port: "http" } }).metricsOn("http");
        shop.service("b", api).metricsOn("http", { interval: 5, path: "metrics" } as object);
      }),
      [
        "services.a.metrics: is stated twice; state it once",
        'services.b.metrics.path: is "metrics"; begin with a slash, without spaces',
        "services.b.metrics.interval: is not a known name; use one of intervalSeconds, names, path, port, timeoutSeconds",
      ],
    );
  });

  it("has its alerts checked, however they are stated", () => {
    const wrong = { ...alert, severity: "page", forMinutes: 1 } as unknown as AlertRule;
    assert.deepEqual(
      problemsIn((shop) => void shop.service("api", api).alerts(alert, wrong)),
      [
        'services.api.alerts.1.severity: is "page"; use one of critical, warning, info, none',
        "services.api.alerts.1.forMinutes: is not a known name; use one of dashboard, description, expr, forSeconds, keepFiringSeconds, labels, name, runbook, severity, summary",
      ],
    );
  });

  it("has its dashboards checked", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    const wrong: readonly DashboardPlan[] = [
      { uid: "api", title: "", model: {} },
      { uid: `shop-${"x".repeat(40)}`, title: "Api", model: cyclic },
      { uid: "shop-a b", title: "Api", model: [] },
    ];
    assert.deepEqual(
      problemsIn((shop) => {
        const handle = shop.service("api", api);
        for (const dashboard of wrong) handle.dashboard(dashboard);
      }),
      [
        'services.api.dashboard.uid: is "api"; use shop-… with letters, digits, _ and -',
        'services.api.dashboard.title: is ""; give a text that is not empty',
        `services.api.dashboard.uid: is "shop-${"x".repeat(40)}"; use at most 40 characters`,
        "services.api.dashboard.model: is an object; use an object that JSON can hold",
        'services.api.dashboard.uid: is "shop-a b"; use shop-… with letters, digits, _ and -',
        "services.api.dashboard.model: is an empty list; use an object that JSON can hold",
      ],
    );
  });

  it("has dashboards with uids of their own", () => {
    assert.deepEqual(
      problemsIn((shop) => {
        shop.service("a", api).dashboard({ uid: "shop-web", title: "A", model: {} });
        shop.service("b", api).dashboard({ uid: "shop-web", title: "B", model: {} });
      }),
      ["services.b.dashboard.uid: is shop-web, as one of a; give each dashboard a uid of its own"],
    );
  });
});

describe("a secret", () => {
  const problems = (options: unknown): readonly string[] =>
    problemsIn((shop) => {
      shop.service("api", { image: "api:1", env: { KEY: shop.secret("key", options as SecretOptions) } });
    });

  it("is declared once, under a name that fits", () => {
    assert.deepEqual(
      problemsIn((shop) => {
        shop.service("api", api);
        shop.secret("key");
        shop.secret("key", { config: "key" });
        shop.secret("a b");
      }),
      ["secrets.key: is declared twice; declare it once and pass the reference on", `secrets.a b: is "a b"; ${names}`],
    );
  });

  it("has a source that makes sense", () => {
    assert.deepEqual(problems({ generated: { length: 16 } }), []);
    assert.deepEqual(problems({ generated: { length: 8 } }), ["secrets.key.generated.length: is 8; use at least 16"]);
    assert.deepEqual(problems({ generated: { rotation: -1 } }), [
      "secrets.key.generated.rotation: is -1; use at least 0",
    ]);
    assert.deepEqual(problems({ config: "" }), [
      'secrets.key.config: is ""; use a configuration key: letters, digits, _ and -',
    ]);
    assert.deepEqual(problems("hunter2"), ["secrets.key: is a string; use an object"]);
  });
});
