import assert from "node:assert/strict";
import { type ConnectionValues, endpointsOf, external } from "../../components/core/connect";
import { type ServiceSpec, serviceSchema } from "../../components/core/spec";
import { defineSystem } from "../../components/core/system";
import { SecretRef, Text, text } from "../../components/core/value";
import { problemsIn } from "../support/problems";

const endpoints = (spec: Omit<ServiceSpec, "image">) =>
  endpointsOf("db", serviceSchema.parse({ image: "db:1", ...spec }));

describe("endpointsOf", () => {
  it("makes one of each port when nothing is said, with the port's name as the scheme", () => {
    assert.deepEqual(endpoints({ ports: { http: { number: 8080 }, dns: { number: 53, protocol: "udp" } } }), [
      { service: "db", name: "http", port: 8080, protocol: "tcp", url: "http://db:8080", values: {} },
      { service: "db", name: "dns", port: 53, protocol: "udp", url: "dns://db:53", values: {} },
    ]);
  });

  it("takes those that are provided, and no others", () => {
    const password = new SecretRef("shop", "password");
    const [only, ...rest] = endpoints({
      ports: { sql: { number: 5432 }, admin: { number: 1 } },
      provides: {
        orders: {
          port: "sql",
          scheme: "postgres",
          path: "/orders?sslmode=disable",
          userinfo: text`app:${password}`,
          values: { user: "app", password },
        },
      },
    });
    assert.deepEqual(rest, []);
    assert.deepEqual(only, {
      service: "db",
      name: "orders",
      port: 5432,
      protocol: "tcp",
      url: new Text(["postgres://app:", password, "@db:5432/orders?sslmode=disable"]),
      values: { user: "app", password },
    });
  });

  it("is empty without ports, and leaves out what names a port that is none", () => {
    assert.deepEqual(endpoints({}), []);
    assert.deepEqual(endpoints({ provides: { sql: { port: "toString" } } }), []);
  });
});

describe("a connection", () => {
  /** What the consumer of the endpoint db is told. */
  function told(): ConnectionValues {
    const seen: ConnectionValues[] = [];
    defineSystem("shop", (shop) => {
      const provides = { sql: { port: "sql", values: { user: "app" } } };
      const db = shop.service("db", { image: "db:1", ports: { sql: { number: 5432 } }, provides });
      shop.service("api", { image: "api:1" }).connectsTo(db, {
        env: (connection) => {
          seen.push(connection);
          return {};
        },
      });
    });
    const [values] = seen;
    assert.ok(values);
    return values;
  }

  it("tells the consumer host, port, URL and what is offered besides", () => {
    const { host, port, url, value } = told();
    assert.deepEqual(
      { host, port, url, user: value("user") },
      { host: "db", port: 5432, url: "sql://db:5432", user: "app" },
    );
  });

  it("reports every value that is not offered, and the names of prototypes are not", () => {
    assert.deepEqual(
      problemsIn((shop) => {
        const provides = { sql: { port: "sql", values: { user: "app", password: shop.secret("password") } } };
        const db = shop.service("db", { image: "db:1", ports: { sql: { number: 5432 } }, provides });
        shop.service("api", { image: "api:1" }).connectsTo(db, {
          env: ({ value }) => ({ A: value("pasword"), B: value("constructor"), C: value("user") }),
        });
      }),
      [
        'services.db.provides.sql.values: has no "pasword"; did you mean password?',
        'services.db.provides.sql.values: has no "constructor"; use one of password, user',
      ],
    );
  });

  it("checks the variables that it is given", () => {
    assert.deepEqual(
      problemsIn((shop) => {
        const db = shop.service("db", { image: "db:1", ports: { sql: { number: 5432 } } });
        const env = ({ port }: ConnectionValues) => ({ "DB-PORT": "x", DB_PORT: port as unknown as string });
        shop.service("api", { image: "api:1" }).connectsTo(db, { env });
        shop.service("web", { image: "web:1" }).connectsTo(db, { wait: "ready" as "healthy" });
      }),
      [
        "services.api.connectsTo.db.env.DB-PORT: is not a valid name; use letters, digits and _, not beginning with a digit",
        "services.api.connectsTo.db.env.DB_PORT: is a number; use a string, a secret's reference, or text`…`",
        'services.web.connectsTo.db.wait: is "ready"; use one of healthy, started, completed, none',
      ],
    );
  });

  it("needs an endpoint that exists, and says which when there are several", () => {
    assert.deepEqual(
      problemsIn((shop) => {
        const none = shop.service("none", { image: "x:1" });
        const two = shop.service("two", { image: "x:1", ports: { http: { number: 1 }, grpc: { number: 2 } } });
        shop.service("api", { image: "api:1" }).connectsTo(none).connectsTo(two).connectsTo(two.endpoint("htpp"));
      }),
      [
        "services.api.connectsTo.none: offers nothing: none has no ports; add a port to none",
        'services.api.connectsTo.two: has several endpoints; say which: .endpoint("http") or .endpoint("grpc")',
        'services.api.connectsTo.two: has no endpoint "htpp"; did you mean http?',
      ],
    );
  });

  it("stays within its system", () => {
    defineSystem("mall", (mall) => {
      const db = mall.service("db", { image: "db:1", ports: { sql: { number: 5432 } } });
      assert.deepEqual(
        problemsIn((shop) => {
          shop.service("db", { image: "db:1", ports: { sql: { number: 5432 } } });
          shop.service("api", { image: "api:1" }).connectsTo(db).connectsTo(db.endpoint("sql"));
        }),
        Array.from(
          { length: 2 },
          () => "services.api.connectsTo.db: is a service of the system mall; connect to services of the same system",
        ),
      );
    });
  });
});

describe("an outside host", () => {
  for (const host of ["api.exchange.com", "localhost", "10.0.0.1", "2001:db8::1", "a-b.c"])
    it(`may be ${host}`, () => {
      assert.deepEqual(
        problemsIn((shop) => void shop.service("api", { image: "api:1" }).reaches(external(host, 443))),
        [],
      );
    });

  for (const host of ["", "https://a.com", "a.com/x", "a.com:443", "a b", "-a.com", "*.a.com"])
    it(`may not be ${JSON.stringify(host)}`, () => {
      assert.deepEqual(
        problemsIn((shop) => void shop.service("api", { image: "api:1" }).reaches(external(host, 443))),
        [
          `services.api.reaches.host: is ${JSON.stringify(host)}; use a host's name or its address, without scheme, port or path`,
        ],
      );
    });

  it("has a port", () => {
    assert.deepEqual(
      problemsIn((shop) => void shop.service("api", { image: "api:1" }).reaches(external("a.com", 0))),
      ["services.api.reaches.port: is 0; use at least 1"],
    );
  });
});
