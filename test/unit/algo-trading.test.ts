import assert from "node:assert/strict";
import { join } from "node:path";
import type { ServicePlan, SystemPlan } from "../../components/core/plan-types";
import { upstream } from "../../images/table";
import { contentOf, development, planAlgoTrading, serviceOf } from "../support/algo-trading";

const root = join(__dirname, "../..");

const always = [
  "alertmanager",
  "cadvisor",
  "grafana",
  "market-data",
  "node-exporter",
  "order-execution",
  "postgres",
  "postgres-exporter",
  "prometheus",
  "redis",
  "redis-exporter",
  "redis-streams",
  "redis-streams-exporter",
  "risk-manager",
  "trading-bot",
];
const applications = ["trading-bot", "market-data", "risk-manager", "order-execution"];

describe("algo-trading", () => {
  const byDefault = planAlgoTrading();
  const inDevelopment = planAlgoTrading(development);

  it("has its fifteen services, the consoles in development, and nginx when asked for [S1-17, S1-30, S1-35]", () => {
    assert.deepEqual(namesOf(byDefault), always);
    assert.deepEqual(namesOf(inDevelopment), [...always, "adminer", "redis-commander"].sort());
    assert.deepEqual(namesOf(planAlgoTrading({ loadBalancer: true })), [...always, "nginx"].sort());
  });

  it("is described in the same way each time, however often it is planned", () => {
    assert.equal(JSON.stringify(planAlgoTrading(development)), JSON.stringify(inDevelopment));
  });

  it("takes every image from the table, and builds the applications from one folder [S1-02, S1-19, S1-31]", () => {
    for (const name of applications) {
      assert.deepEqual(serviceOf(byDefault, name).image, {
        build: { context: "workloads", dockerfile: "Dockerfile", baseImages: { NODE_IMAGE: upstream("node24") } },
      });
    }
    assert.equal(serviceOf(byDefault, "postgres").image, upstream("postgres15"));
    assert.equal(serviceOf(byDefault, "redis").image, upstream("redis7"));
    assert.equal(serviceOf(byDefault, "prometheus").image, "prom/prometheus:v2.48.0");
    assert.equal(serviceOf(byDefault, "alertmanager").image, "prom/alertmanager:v0.35.0");
    assert.equal(serviceOf(byDefault, "grafana").image, "grafana/grafana:10.2.2");
  });

  it("gives every service a health check, limits and a user [S1-46, S1-47]", () => {
    for (const { name, probes, resources, security } of planAlgoTrading({ ...development, loadBalancer: true })
      .services) {
      assert.ok(probes.ready, `${name} has no health check`);
      assert.ok(resources.memoryMiB.limit > 0 && resources.pids > 0, `${name} has no limits`);
      assert.ok(security.readOnlyRoot && security.noNewPrivileges && security.addCapabilities.length === 0, name);
      assert.equal(security.user === 0, name === "cadvisor", `${name} runs as ${security.user}`);
    }
  });

  it("gives the database two GiB in production, and half of it on a small machine [S1-20]", () => {
    const limits = (["small", "full"] as const).map(
      (profile) => serviceOf(planAlgoTrading({ profile }), "postgres").resources.memoryMiB.limit,
    );
    assert.deepEqual(limits, [1024, 2048]);
  });

  it("leaves the looking at the machine to others when told to, and with it the alert that lives on it", () => {
    const plan = planAlgoTrading({ hostAgents: false });
    assert.deepEqual(
      namesOf(plan),
      always.filter((name) => name !== "cadvisor" && name !== "node-exporter"),
    );
    assert.deepEqual(
      plan.services.flatMap(({ hostMounts }) => hostMounts),
      [],
    );
    assert.ok(!plan.alerts.some(({ name }) => name === "HighMemoryUsage"));
  });

  describe("trading-bot", () => {
    const bot = serviceOf(inDevelopment, "trading-bot");

    it("is checked at /health every 30 seconds, has 10 for an answer, 3 attempts and 60 to start [S1-08]", () => {
      const timing = { periodSeconds: 30, timeoutSeconds: 10, failures: 3 };
      assert.deepEqual(bot.probes, {
        ready: { http: { port: "http", path: "/health" }, ...timing },
        live: { http: { port: "http", path: "/live" }, ...timing },
        startupSeconds: 60,
      });
    });

    it("has two cores and 2 GiB when small, four and 4 GiB when full [S1-06, S1-07]", () => {
      assert.deepEqual(bot.resources.cpuMillis, { request: 100, limit: 2000 });
      assert.deepEqual(bot.resources.memoryMiB, { request: 512, limit: 2048 });
      const full = serviceOf(planAlgoTrading({ profile: "full" }), "trading-bot").resources;
      assert.deepEqual(full.cpuMillis, { request: 2000, limit: 4000 });
      assert.deepEqual(full.memoryMiB, { request: 2048, limit: 4096 });
    });

    it("keeps five logs of 100 MiB, stops within 30 seconds, is always restarted, and is replaced one at a time [S1-10, S1-14]", () => {
      assert.deepEqual(bot.logging, { maxSizeMiB: 100, maxFiles: 5 });
      assert.deepEqual(bot.shutdown, { graceSeconds: 30, signal: "SIGTERM" });
      assert.deepEqual(bot.restart, { policy: "always" });
      assert.deepEqual(bot.update, { order: "stopFirst", parallelism: 1, pauseSeconds: 30, onFailure: "rollback" });
      assert.deepEqual(bot.volumes, { logs: { path: "/app/logs", sizeMiB: 64, keep: false } });
      assert.equal(bot.env["LOG_DIR"], "/app/logs");
    });

    it("reads its strategy from a file that it cannot change [S1-13]", () => {
      assert.deepEqual(JSON.parse(contentOf(bot, "/app/config/strategy.json")), {
        fastTicks: 5,
        slowTicks: 20,
        startingEquityUsd: 100_000,
        cooldownSeconds: 30,
      });
      assert.equal(bot.env["CONFIG_DIR"], "/app/config");
    });

    it("trades by turns when there are two, which share neither a port of the machine nor a log file", () => {
      const pair = serviceOf(planAlgoTrading({ ...development, loadBalancer: true }), "trading-bot");
      assert.equal(pair.replicas, 2);
      assert.equal(pair.env["TRADING_LEADER_LOCK"], "true");
      assert.equal(bot.env["TRADING_LEADER_LOCK"], "false");
      assert.deepEqual(pair.volumes, {});
      assert.equal(pair.env["LOG_DIR"], undefined);
      assert.deepEqual(exposures(pair), ["http 8080 internal"]);
    });

    it("is at least two and at most as many as are allowed, when an autoscaler decides [S1-48]", () => {
      const plan = planAlgoTrading({ loadBalancer: true, maxBots: 5 });
      assert.deepEqual(serviceOf(plan, "trading-bot").autoscale, {
        min: 2,
        max: 5,
        cpuPercent: 70,
        scaleDownSeconds: 300,
      });
      assert.equal(serviceOf(plan, "trading-bot").env["TRADING_LEADER_LOCK"], "true");
      const others = plan.services.filter(({ name }) => name !== "trading-bot");
      assert.deepEqual(
        others.filter(({ autoscale, replicas }) => autoscale !== undefined || replicas > 1),
        [],
      );
    });
  });

  it("publishes what a person looks at, and in development what a person works with [S1-11, S1-21, S1-27]", () => {
    const published = (plan: SystemPlan) =>
      plan.services.flatMap((service) =>
        exposures(service)
          .filter((port) => !port.endsWith("internal"))
          .map((port) => `${service.name} ${port}`),
      );
    const pages = ["alertmanager http 9093 loopback", "grafana http 3000 loopback", "prometheus http 9090 loopback"];
    assert.deepEqual(published(byDefault).sort(), pages);
    assert.deepEqual(
      published(inDevelopment).sort(),
      [
        ...pages,
        "adminer http 8081 loopback",
        "postgres postgres 5432 loopback",
        "redis redis 6379 loopback",
        "redis-commander http 8082 loopback",
        "trading-bot debug 9229 loopback",
        "trading-bot http 8080 loopback",
      ].sort(),
    );
  });

  it("has one way in for other machines, when it is public, and that does not lead to the metrics [S1-49]", () => {
    const plan = planAlgoTrading({ loadBalancer: true, public: true });
    const open = plan.services.flatMap((service) =>
      exposures(service)
        .filter((port) => port.endsWith(" public"))
        .map((port) => `${service.name} ${port}`),
    );
    assert.deepEqual(open, ["nginx http 8000 public"]);
    assert.match(
      contentOf(serviceOf(plan, "nginx"), "/etc/nginx/conf.d/default.conf"),
      /location = \/metrics \{\n {4}return 404;/,
    );
  });

  it("runs the applications as built, or in development from the sources, which start anew on a change [S1-12]", () => {
    for (const role of applications) {
      const built = serviceOf(byDefault, role);
      assert.deepEqual(built.args, ["node", "src/main.ts", role]);
      assert.deepEqual(built.hostMounts, []);
      const { args, hostMounts, files } = serviceOf(inDevelopment, role);
      const inspect = role === "trading-bot" ? ["--inspect=0.0.0.0:9229"] : [];
      const watcher = "/app/development/hot-reload.ts";
      assert.deepEqual(args, ["node", watcher, "/app/src", "node", ...inspect, "src/main.ts", role]);
      assert.deepEqual(
        hostMounts.map(({ source, path, readOnly }) => ({ source, path, readOnly })),
        [{ source: join(root, "workloads/src"), path: "/app/src", readOnly: true }],
      );
      assert.ok(files.some(({ path }) => path === watcher));
    }
  });

  it("configures the applications by the settings [S1-09, S1-15, S1-16]", () => {
    const plan = planAlgoTrading({ symbols: ["AUSDT", "BUSDT"], maxPositionSize: 5, maxDailyLoss: 6.5, seed: 0 });
    const { env: feed } = serviceOf(plan, "market-data");
    assert.deepEqual(feed, {
      ENVIRONMENT: "production",
      LOG_LEVEL: "info",
      REDIS_URL: "redis://redis:6379",
      SEED: "0",
      SYMBOLS: "AUSDT,BUSDT",
    });
    assert.equal(serviceOf(byDefault, "market-data").env["SYMBOLS"], "BTCUSDT,ETHUSDT,SOLUSDT");
    assert.equal(serviceOf(byDefault, "market-data").singleton, true);
    assert.deepEqual(serviceOf(byDefault, "risk-manager").env, {
      DATABASE_URL_FILE: "/run/secrets/database-url",
      ENVIRONMENT: "production",
      LOG_LEVEL: "info",
      MAX_DAILY_LOSS: "1000",
      MAX_POSITION_SIZE: "10000",
      MESSAGES_REDIS_URL: "redis://redis-streams:6379",
      REDIS_URL: "redis://redis:6379",
    });
    assert.equal(serviceOf(plan, "risk-manager").env["MAX_DAILY_LOSS"], "6.5");
    assert.equal(serviceOf(inDevelopment, "trading-bot").env["LOG_LEVEL"], "debug");
  });

  it("makes the database from its two files, in their order [S1-22]", () => {
    const { files } = serviceOf(byDefault, "postgres");
    assert.deepEqual(
      files.map(({ path }) => path).filter((path) => path.startsWith("/docker-entrypoint-initdb.d/")),
      ["/docker-entrypoint-initdb.d/01-init.sql", "/docker-entrypoint-initdb.d/02-schema.sql"],
    );
  });
});

const namesOf = (plan: SystemPlan): readonly string[] => plan.services.map(({ name }) => name).sort();

const exposures = ({ ports }: ServicePlan): readonly string[] =>
  Object.entries(ports).map(
    ([name, { number, hostNumber, exposure }]) => `${name} ${hostNumber ?? number} ${exposure}`,
  );
