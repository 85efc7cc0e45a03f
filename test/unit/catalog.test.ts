import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CatalogueBuilder, defineSystem } from "../../components/builder";
import type { SystemPlan } from "../../components/core/plan-types";
import { entry } from "../../images/table";
import { contentOf, serviceOf } from "../support/algo-trading";
import { problemsOf } from "../support/problems";

const planShop = (describe: (shop: CatalogueBuilder) => void): SystemPlan => defineSystem("shop", describe).plan();

describe("the catalogue", () => {
  describe("postgres", () => {
    const plan = planShop((shop) => {
      const db = shop.postgres("orders-db", { user: "clerk", database: "orders", memoryMiB: 512, storageMiB: 2048 });
      const api = shop.service("api", { image: "api:1" });
      api.connectsTo(db, { env: ({ url, value }) => ({ DATABASE_URL: url, DATABASE_USER: value("user") }) });
    });
    const db = serviceOf(plan, "orders-db");

    it("runs as the image's user, with its stop signal and its limits", () => {
      const { user, upstream } = entry("postgres15");
      assert.equal(db.image, upstream);
      assert.equal(db.security.user, user.uid);
      assert.equal(db.security.group, user.gid);
      assert.deepEqual(db.shutdown, { signal: "SIGINT", graceSeconds: 60 });
      assert.deepEqual(db.resources.memoryMiB, { request: 256, limit: 512 });
      assert.deepEqual(db.volumes, { data: { path: "/var/lib/postgresql/data", sizeMiB: 2048, keep: false } });
      assert.equal(db.kernel.shmMiB, 128);
    });

    it("is ready when it takes connections by TCP: 10 seconds apart, 5 for an answer, 5 attempts [S1-23]", () => {
      assert.deepEqual(db.probes.ready, {
        exec: ["pg_isready", "-h", "127.0.0.1", "-U", "clerk", "-d", "orders"],
        periodSeconds: 10,
        timeoutSeconds: 5,
        failures: 5,
      });
    });

    it("gets its password from a file, and hands it on as a reference", () => {
      assert.equal(db.env["POSTGRES_PASSWORD_FILE"], "/run/secrets/postgres-password");
      const file = db.files.find(({ path }) => path === "/run/secrets/postgres-password");
      assert.deepEqual(JSON.parse(JSON.stringify(file)), {
        path: "/run/secrets/postgres-password",
        content: { secret: "shop/orders-db-password" },
        mode: 0o400,
        uid: 70,
        gid: 70,
      });
      assert.deepEqual(JSON.parse(JSON.stringify(serviceOf(plan, "api").env)), {
        DATABASE_URL: { text: ["postgres://clerk:", { secret: "shop/orders-db-password" }, "@orders-db:5432/orders"] },
        DATABASE_USER: "clerk",
      });
    });

    it("is of either version, for its image's user, and keeps no MD5 of a password, which 13 would", () => {
      const versions = planShop((shop) => {
        shop.postgres("older", { version: 13 });
        shop.postgres("newer", { version: 15 });
        shop.postgres("any");
      });
      const of = (name: string) => {
        const { image, security, env } = serviceOf(versions, name);
        return [image, security.user, env["POSTGRES_INITDB_ARGS"]];
      };
      const newer = [entry("postgres15").upstream, 70, "--locale=C --encoding=UTF8"];
      assert.deepEqual(of("any"), newer);
      assert.deepEqual(of("newer"), newer);
      const older = [entry("postgres13").upstream, 70, "--locale=C --encoding=UTF8 --auth-host=scram-sha-256"];
      assert.deepEqual(of("older"), older);
    });

    it("is reached by nobody else, unless a port of the machine is named", () => {
      assert.deepEqual(db.ports["postgres"], { number: 5432, protocol: "tcp", exposure: "internal" });
      const published = planShop((shop) => void shop.postgres("db", { hostPort: 15432 }));
      assert.deepEqual(serviceOf(published, "db").ports["postgres"], {
        number: 5432,
        protocol: "tcp",
        exposure: "loopback",
        hostNumber: 15432,
      });
    });
  });

  it("redis keeps data in an append-only file, within its memory, and does as told when that is full [S1-26, S1-28]", () => {
    const plan = planShop((shop) => void shop.redis("cache", { maxMemoryMiB: 64, whenFull: "noeviction" }));
    const { args, resources, probes, volumes } = serviceOf(plan, "cache");
    assert.deepEqual(args, [
      "redis-server",
      "--appendonly",
      "yes",
      "--maxmemory",
      "64mb",
      "--maxmemory-policy",
      "noeviction",
    ]);
    assert.deepEqual(resources.memoryMiB, { request: 32, limit: 128 });
    assert.deepEqual(probes.ready, {
      exec: ["redis-cli", "-e", "ping"],
      periodSeconds: 10,
      timeoutSeconds: 5,
      failures: 5,
    });
    assert.deepEqual(volumes["data"], { path: "/data", sizeMiB: 256, keep: false });
  });

  it("exporters ask what they speak for, with the password in a file", () => {
    const plan = planShop((shop) => {
      shop.postgresExporter("db-exporter", shop.postgres("db", { user: "clerk", database: "orders" }));
      shop.redisExporter("cache-exporter", shop.redis("cache", { whenFull: "allkeys-lru" }));
    });
    assert.deepEqual(serviceOf(plan, "db-exporter").env, {
      DATA_SOURCE_PASS_FILE: "/run/secrets/postgres-password",
      DATA_SOURCE_URI: "db:5432/orders?sslmode=disable",
      DATA_SOURCE_USER: "clerk",
    });
    assert.deepEqual(serviceOf(plan, "cache-exporter").env, { REDIS_ADDR: "redis://cache:6379" });
    assert.deepEqual(
      plan.scrapes.map(({ service, port, path }) => `${service}:${port}${path}`),
      ["cache-exporter:9121/metrics", "db-exporter:9187/metrics"],
    );
  });

  it("agents see the machine's folders, and cannot write to them", () => {
    const plan = planShop((shop) => {
      shop.nodeExporter();
      shop.cadvisor();
    });
    const mounts = plan.services.flatMap(({ name, hostMounts }) =>
      hostMounts.map(({ source, path, readOnly }) => `${name} ${source} ${path} ${readOnly ? "ro" : "rw"}`),
    );
    assert.deepEqual(mounts, [
      "cadvisor /proc /rootfs/proc ro",
      "cadvisor /var/lib/docker /rootfs/var/lib/docker ro",
      "cadvisor /sys /sys ro",
      "cadvisor /var/run/docker.sock /var/run/docker.sock ro",
      "node-exporter / /host ro",
    ]);
  });

  it("the load balancer sends requests to its backend, whose name it looks up again", () => {
    const plan = planShop((shop) => {
      const api = shop.service("api", { image: "api:1", replicas: 3, ports: { http: { number: 8099 } } });
      shop.loadBalancer("front", { backend: api, hostPort: 80 });
    });
    const front = serviceOf(plan, "front");
    assert.deepEqual(front.env, { BACKEND_HOST: "api", BACKEND_PORT: "8099" });
    assert.match(contentOf(front, "/etc/nginx/conf.d/default.conf"), /proxy_pass \$backend\$request_uri;/);
    assert.match(front.command?.[2] ?? "", /resolver \$resolver valid=5s/);
    assert.deepEqual(front.shutdown, { signal: "SIGQUIT", graceSeconds: 30 });
    assert.deepEqual(plan.connections, [{ from: "front", to: "api", port: 8099, protocol: "tcp" }]);
  });

  it("the load balancer asks for the backend's name as the resolver there knows it", () => {
    const plan = planShop((shop) => {
      const api = shop.service("api", { image: "api:1", ports: { http: { number: 8099 } } });
      shop.loadBalancer("front", { backend: api, hidden: ["/metrics"] });
    });
    const front = serviceOf(plan, "front");
    const [, , script = ""] = front.command ?? [];
    const folder = mkdtempSync(join(tmpdir(), "twofold-nginx-"));
    const backendWith = (resolver: string): string => {
      writeFileSync(join(folder, "resolv.conf"), resolver);
      const inFolder = script
        .replaceAll("/tmp/", `${folder}/`)
        .replaceAll("/etc/resolv.conf", join(folder, "resolv.conf"))
        .replace("exec nginx", "exec true");
      execFileSync("sh", ["-c", inFolder], { env: { PATH: process.env["PATH"], ...front.env } });
      return readFileSync(join(folder, "backend.conf"), "utf8") + readFileSync(join(folder, "resolver.conf"), "utf8");
    };
    const cluster = "search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\n";
    assert.equal(
      backendWith(cluster),
      "set $backend http://api.shop.svc.cluster.local:8099;\nresolver 10.96.0.10 valid=5s ipv6=off;\n",
    );
    const engine = "search office.example\nnameserver 127.0.0.11\n";
    assert.equal(backendWith(engine), "set $backend http://api:8099;\nresolver 127.0.0.11 valid=5s ipv6=off;\n");
    rmSync(folder, { recursive: true });
    assert.match(
      contentOf(front, "/etc/nginx/conf.d/default.conf"),
      /location = \/metrics \{\n {4}return 404;\n {2}\}/,
    );
  });

  it("consoles know the servers that they show", () => {
    const plan = planShop((shop) => {
      const cache = shop.redis("cache", { whenFull: "allkeys-lru" });
      shop.redisCommander("redis-console", { servers: { local: cache } });
      shop.adminer("db-console", { database: shop.postgres("db") });
    });
    assert.deepEqual(JSON.parse(String(serviceOf(plan, "redis-console").env["NODE_CONFIG"])), {
      noSave: true,
      connections: [{ label: "local", host: "cache", port: 6379, dbIndex: 0 }],
    });
    assert.deepEqual(serviceOf(plan, "db-console").env, { ADMINER_DEFAULT_SERVER: "db" });
  });

  it("reports what is wrong with its arguments by the service's name", () => {
    assert.deepEqual(
      problemsOf(() => planShop((shop) => void shop.postgres("db", { hostPort: 70_000 }))),
      ["services.db.ports.postgres.hostNumber: is 70000; use at most 65535"],
    );
  });
});
