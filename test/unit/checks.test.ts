import assert from "node:assert/strict";
import { external } from "../../components/core/connect";
import type { SystemBuilder } from "../../components/core/system";
import { SecretRef, text } from "../../components/core/value";
import { problemsIn } from "../support/problems";

const http = { number: 8080 };
const alert = { name: "Down", expr: "up == 0", forSeconds: 60, severity: "critical", summary: "down" } as const;

type Describe = (shop: SystemBuilder) => void;

/** A description that the check refuses, with what it says, and one like it that passes. */
const systemCases: Readonly<Record<string, { wrong: Describe; says: readonly string[]; right: Describe }>> = {
  "a system has services": {
    wrong: () => undefined,
    says: ["services: are none; declare at least one with service(…)"],
    right: (shop) => shop.service("api", { image: "api:1" }),
  },
  "a variable is set once": {
    wrong: (shop) => {
      const db = shop.service("db", { image: "db:1", ports: { db: { number: 5432 } } });
      const queue = shop.service("queue", { image: "queue:1", ports: { queue: { number: 4222 } } });
      shop
        .service("api", { image: "api:1", env: { URL: "own" } })
        .connectsTo(db, { env: ({ url }) => ({ URL: url }) })
        .connectsTo(queue, { env: ({ url }) => ({ URL: url }) });
    },
    says: [
      "services.api.connectsTo.db.env.URL: is set by env already; give the variable another name",
      "services.api.connectsTo.queue.env.URL: is set by connectsTo.db already; give the variable another name",
    ],
    right: (shop) => {
      const db = shop.service("db", { image: "db:1", ports: { db: { number: 5432 } } });
      shop
        .service("api", { image: "api:1", env: { URL: "own" } })
        .connectsTo(db, { env: ({ url }) => ({ DB_URL: url }) });
    },
  },
  "a service does not connect to itself": {
    wrong: (shop) => {
      const api = shop.service("api", { image: "api:1", ports: { http } });
      api.connectsTo(api);
    },
    says: ["services.api.connectsTo.api: connects a service to itself; leave it out"],
    right: (shop) => shop.service("api", { image: "api:1", ports: { http } }),
  },
  "health is waited for where it is checked": {
    wrong: (shop) => {
      const db = shop.service("db", { image: "db:1", ports: { db: { number: 5432 } } });
      shop.service("api", { image: "api:1" }).connectsTo(db, { wait: "healthy" });
    },
    says: [
      "services.api.connectsTo.db.wait: is healthy, which nothing checks; give the service a probe, or wait for started",
    ],
    right: (shop) => {
      const probes = { ready: { tcp: { port: "db" } } };
      const db = shop.service("db", { image: "db:1", ports: { db: { number: 5432 } }, probes });
      shop.service("api", { image: "api:1" }).connectsTo(db, { wait: "healthy" });
    },
  },
  "the end is waited for where there is one": {
    wrong: (shop) => {
      const db = shop.service("db", { image: "db:1", ports: { db: { number: 5432 } } });
      shop.service("api", { image: "api:1" }).connectsTo(db, { wait: "completed" });
    },
    says: ["services.api.connectsTo.db.wait: is completed, but the kind service never is; wait for healthy or started"],
    right: (shop) => {
      const migration = shop.service("migration", { kind: "job", image: "db:1", ports: { db: { number: 5432 } } });
      shop.service("api", { image: "api:1" }).connectsTo(migration);
    },
  },
  "a service is no outside host": {
    wrong: (shop) => {
      shop.service("db", { image: "db:1" });
      shop.service("api", { image: "api:1" }).reaches(external("db", 5432));
    },
    says: ["services.api.reaches.db: is a service of this system; state it with connectsTo"],
    right: (shop) => shop.service("api", { image: "api:1" }).reaches(external("db.example.com", 5432)),
  },
  "a host port is published once": {
    wrong: (shop) => {
      shop.service("a", { image: "a:1", ports: { http: { ...http, exposure: "loopback" } } });
      shop.service("b", { image: "b:1", ports: { web: { number: 80, hostNumber: 8080, exposure: "public" } } });
    },
    says: [
      "services.b.ports.web.hostNumber: is 8080/tcp on the host, as services.a.ports.http; choose another hostNumber for one of them",
    ],
    right: (shop) => {
      shop.service("a", { image: "a:1", ports: { http: { ...http, exposure: "loopback" } } });
      shop.service("b", { image: "b:1", ports: { http, web: { ...http, protocol: "udp", exposure: "loopback" } } });
    },
  },
  "an alert has a name of its own": {
    wrong: (shop) => {
      shop.service("a", { image: "a:1", alerts: [alert] });
      shop.service("b", { image: "b:1" }).alerts(alert);
    },
    says: ["services.b.alerts.Down: is stated by a, too; give each alert a name of its own"],
    right: (shop) => shop.service("a", { image: "a:1", alerts: [alert, { ...alert, name: "Up" }] }),
  },
  "the name of a service's pods is free": {
    wrong: (shop) => {
      shop.service("db-pods", { image: "db:1" });
      shop.service("db", { image: "db:1" });
    },
    says: ["services.db-pods: has the name of the pods of db; give the service another name"],
    right: (shop) => shop.service("db-pods", { image: "db:1" }),
  },
  "a secret is declared, wherever it is used": {
    wrong: (shop) => {
      const lost = new SecretRef("shop", "lost");
      const provides = { db: { port: "db", userinfo: text`app:${lost}` } };
      const db = shop.service("db", { image: "db:1", ports: { db: { number: 5432 } }, provides });
      const files = [{ path: "/etc/api/key", content: lost }];
      const api = shop.service("api", { image: "api:1", env: { KEY: text`a${new SecretRef("mall", "key")}` }, files });
      api.connectsTo(db, { env: ({ url }) => ({ URL: url }) });
    },
    says: [
      "services.api.env.KEY: needs the secret mall/key, which is not declared; declare it with secret(…) of this system",
      "services.api.connectsTo.db.env.URL: needs the secret shop/lost, which is not declared; declare it with secret(…) of this system",
      "services.api.files./etc/api/key: needs the secret shop/lost, which is not declared; declare it with secret(…) of this system",
    ],
    right: (shop) => shop.service("api", { image: "api:1", env: { KEY: shop.secret("key") } }),
  },
};

describe("a system is checked as a whole:", () => {
  for (const [title, { wrong, says, right }] of Object.entries(systemCases))
    it(title, () => {
      assert.deepEqual(problemsIn(wrong), says);
      assert.deepEqual(problemsIn(right), []);
    });
});
