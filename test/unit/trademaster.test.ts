import assert from "node:assert/strict";
import type { ServicePlan, SystemPlan } from "../../components/core/plan-types";
import { secretsIn } from "../../components/core/value";
import { secretKeys, stackSchema } from "../../config/stack";
import { upstream } from "../../images/table";
import { dockerOptions } from "../../systems/docker";
import { contentOf, serviceOf } from "../support/algo-trading";
import { containerOf, manifestOf } from "../support/rendered";
import { applications, development, firstOf, planTradeMaster, production, staging } from "../support/trademaster";

describe("trademaster", () => {
  const least = (plan: SystemPlan, service: string): number => {
    const { autoscale, replicas } = serviceOf(plan, service);
    return autoscale?.min ?? replicas;
  };

  it("answers developers on the machine alone, at 8080 and for the API at 5000, which is published as 5001 [S2-01, S2-02]", () => {
    const published = (service: string) => containerOf(development, service).ports;
    assert.deepEqual(
      published("web")?.map(({ internal, ip }) => [internal, ip]),
      [[8080, "127.0.0.1"]],
    );
    assert.deepEqual(
      published("api")?.map(({ internal, ip }) => [internal, ip]),
      [[5000, "127.0.0.1"]],
    );
    assert.equal(serviceOf(development, "api").ports["http"]?.hostNumber, 5001);
    for (const [service, port] of [
      ["web", 8080],
      ["api", 5000],
    ] as const) {
      const ports = manifestOf(production, "Service", service).spec.ports as readonly { readonly port: number }[];
      assert.ok(ports.some((each) => each.port === port));
      assert.equal(serviceOf(production, service).ports["http"]?.exposure, "internal");
    }
  });

  it("has one of each in development, and more in staging and production [S2-03, S2-04]", () => {
    const counts = [development, staging, production].map((plan) => applications.map((name) => least(plan, name)));
    assert.deepEqual(counts, [
      [1, 1, 1],
      [2, 2, 1],
      [5, 3, 3],
    ]);
    const role = (service: string) => serviceOf(production, service).env["ROLE"];
    assert.deepEqual(applications.map(role), ["application", "application", "worker"]);
  });

  it("takes four cores and 8 GiB in production, half of it for sure, and half in staging [S2-05, S2-06]", () => {
    const resources = (plan: SystemPlan) => firstOf(plan, "web")["resources"];
    assert.deepEqual(resources(production), {
      requests: { cpu: "2000m", memory: "4096Mi", "ephemeral-storage": "32Mi" },
      limits: { cpu: "4000m", memory: "8192Mi", "ephemeral-storage": "1Gi" },
    });
    assert.deepEqual(serviceOf(staging, "web").resources.cpuMillis, { request: 1000, limit: 2000 });
    assert.deepEqual(serviceOf(staging, "web").resources.memoryMiB, { request: 2048, limit: 4096 });
    const { memory, memoryReservation } = containerOf(development, "web");
    assert.deepEqual([memory, memoryReservation], [256, 96]);
  });

  it("is replaced two at a time, none fewer than wanted, each looked at for ten seconds, and taken back when that fails [S2-07]", () => {
    const { strategy, ...spec } = manifestOf(production, "Deployment", "web").spec as {
      readonly strategy?: object;
      readonly minReadySeconds?: number;
      readonly progressDeadlineSeconds?: number;
    };
    assert.deepEqual(strategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } });
    assert.equal(spec.minReadySeconds, 10);
    assert.ok((spec.progressDeadlineSeconds ?? 0) > 0);
    assert.equal(serviceOf(production, "web").update.onFailure, "rollback");
  });

  it("lets a node be drained one web service at a time [S2-10]", () => {
    const { spec } = manifestOf(production, "PodDisruptionBudget", "web") as { readonly spec: object };
    assert.deepEqual(Reflect.get(spec, "maxUnavailable"), 1);
  });

  it("has nginx at a port of choice in front, and hides nothing else there [S2-11]", () => {
    assert.equal(serviceOf(development, "nginx").ports["http"]?.hostNumber, 8000);
    const other = planTradeMaster({ environment: "development", httpPort: 80 });
    assert.equal(serviceOf(other, "nginx").ports["http"]?.hostNumber, 80);
    const open = planTradeMaster({ public: true });
    const isOpen = (service: ServicePlan) => Object.values(service.ports).some(({ exposure }) => exposure === "public");
    assert.deepEqual(
      open.services.filter(isOpen).map(({ name }) => name),
      ["nginx"],
    );
  });

  it("lets these connections be made, and no other; none leads outside [S2-18, S2-19, S2-20]", () => {
    const ways = production.connections.map(({ from, to, port }) => `${from} ${to} ${port}`).sort();
    assert.deepEqual(ways, [
      "api postgres 5432",
      "api redis 6379",
      "grafana prometheus 9090",
      "nginx api 5000",
      "nginx web 8080",
      "postgres-exporter postgres 5432",
      "prometheus alertmanager 9093",
      "prometheus api 8000",
      "prometheus postgres-exporter 9187",
      "prometheus redis-exporter 9121",
      "prometheus web 8000",
      "prometheus worker 8000",
      "redis-exporter redis 6379",
      "web postgres 5432",
      "web redis 6379",
      "worker postgres 5432",
      "worker redis 6379",
    ]);
    assert.deepEqual(production.externals, []);
    for (const plan of [development, staging, production])
      for (const store of ["postgres", "redis"])
        for (const { exposure } of Object.values(serviceOf(plan, store).ports)) assert.equal(exposure, "internal");
  });

  it("takes addresses from where the configuration says [S2-21]", () => {
    const parse = (given: object) => stackSchema.parse({ systems: ["trademaster"], ...given });
    const subnets = (given: object) =>
      dockerOptions("trademaster", parse(given), () => ({ kind: "image", reference: "a:1" })).subnets;
    assert.equal(subnets({}), "10.201.16.0/20");
    assert.equal(subnets({ systemSubnets: { trademaster: "172.21.0.0/16" } }), "172.21.0.0/16");
  });

  it("has a PostgreSQL 13 with the figures of 16 GiB in production, and a sixteenth of them on a small machine [S2-30, S2-31]", () => {
    const conf = (plan: SystemPlan) => contentOf(serviceOf(plan, "postgres"), "/etc/postgresql/postgresql.conf");
    const settings = (plan: SystemPlan) =>
      Object.fromEntries([...conf(plan).matchAll(/^(\w+) = (.*)$/gm)].map(([, key, value]) => [key, value]));
    assert.deepEqual(settings(production), {
      shared_buffers: "4096MB",
      effective_cache_size: "12288MB",
      work_mem: "256MB",
      maintenance_work_mem: "1024MB",
      wal_buffers: "64MB",
      checkpoint_timeout: "15min",
      checkpoint_completion_target: "0.9",
      max_wal_size: "4096MB",
      min_wal_size: "1024MB",
      shared_preload_libraries: "'pg_stat_statements'",
      random_page_cost: "1.1",
      effective_io_concurrency: "200",
    });
    const { shared_buffers, work_mem, max_wal_size } = settings(development);
    assert.deepEqual([shared_buffers, work_mem, max_wal_size], ["256MB", "16MB", "256MB"]);
    for (const plan of [development, production])
      assert.equal(serviceOf(plan, "postgres").image, upstream("postgres13"));
    assert.equal(serviceOf(production, "postgres").resources.memoryMiB.limit, 16_384);
    const command = serviceOf(production, "postgres").command?.join(" ") ?? "";
    assert.match(command, /-c config_file=\/etc\/postgresql\/postgresql\.conf -c max_connections=200$/);
  });

  it("has a Redis that appends to a file on a volume [S2-33]", () => {
    const { args, volumes } = serviceOf(production, "redis");
    assert.match(args?.join(" ") ?? "", /--appendonly yes/);
    assert.deepEqual(
      Object.values(volumes).map(({ path }) => path),
      ["/data"],
    );
  });

  it("logs to the container, three files of 10 MiB; copies are on a volume in development, in memory elsewhere [S2-41, S2-42]", () => {
    const { logDriver, logOpts } = containerOf(development, "web");
    assert.deepEqual([logDriver, logOpts], ["json-file", { "max-file": "3", "max-size": "10m" }]);
    const copied = planTradeMaster({ environment: "development", logTo: "file" });
    assert.equal(serviceOf(copied, "web").volumes["logs"]?.path, "/app/logs");
    assert.equal(serviceOf(copied, "web").env["LOG_ERROR_FILE"], "/app/logs/web_error.log");
    const many = planTradeMaster({ logTo: "file" });
    assert.deepEqual(serviceOf(many, "web").volumes, {});
    assert.equal(serviceOf(many, "web").scratch["logs"]?.path, "/app/logs");
  });

  it("keeps what workers have on a volume of each, of the class that is asked for [S2-47]", () => {
    assert.deepEqual(
      Object.values(serviceOf(production, "worker").volumes).map(({ path }) => path),
      ["/app/data"],
    );
    assert.equal(serviceOf(production, "worker").kind, "stateful");
  });

  describe("with TLS", () => {
    const plan = planTradeMaster({ tls: true });
    const conf = contentOf(serviceOf(plan, "nginx"), "/etc/nginx/conf.d/default.conf");

    it("speaks TLS 1.2 and 1.3 with a certificate of the stack's secrets [S2-15]", () => {
      assert.match(conf, /listen 8443 ssl http2;/);
      assert.match(conf, /ssl_protocols TLSv1\.2 TLSv1\.3;/);
      assert.match(conf, /preload" always;/);
      const paths = serviceOf(plan, "nginx").files.filter(({ content }) => secretsIn(content).length > 0);
      assert.deepEqual(
        paths.map(({ path, mode }) => `${path} ${mode.toString(8)}`),
        ["/run/secrets/tls.crt 400", "/run/secrets/tls.key 400"],
      );
      assert.equal(serviceOf(plan, "nginx").ports["https"]?.number, 8443);
    });

    it("leads plain HTTP to HTTPS, and passes nothing on there [S2-16]", () => {
      const [plain = "", secure = ""] = conf.split(/^server \{$/m).slice(1);
      assert.match(plain, /listen 8080;/);
      assert.match(plain, /return 301 https:\/\/\$host\$request_uri;/);
      assert.doesNotMatch(plain, /proxy_pass/);
      assert.match(secure, /proxy_pass http:\/\/web;/);
    });

    it("is off unless it is asked for, and the key of the certificate is a key of the stack", () => {
      const off = contentOf(serviceOf(development, "nginx"), "/etc/nginx/conf.d/default.conf");
      assert.doesNotMatch(off, /ssl|301|preload/);
      const ofNginx = plan.secrets.filter(({ source }) => source.from === "config");
      for (const { source } of ofNginx) assert.ok(source.from === "config" && Object.hasOwn(secretKeys, source.key));
      assert.equal(ofNginx.length, 2);
    });
  });
});
