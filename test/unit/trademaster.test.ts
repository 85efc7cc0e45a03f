import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { secretsIn } from "../../components/core/value";
import type { ServicePlan, SystemPlan } from "../../components/core/plan-types";
import { parse } from "yaml";
import { secretKeys, stackSchema } from "../../config/stack";
import { dockerOptions } from "../../systems/docker";
import { systems } from "../../systems/index";
import { threadVariables } from "../../systems/trademaster/sizes";
import { contentOf, serviceOf } from "../support/algo-trading";
import { expressionsIn, metricNames } from "../support/metric-names";
import { everyReceiver } from "../support/receivers";
import { containerOf, manifestOf, podOf } from "../support/rendered";
import { planTradeMaster } from "../support/trademaster";

const applications = ["web", "api", "worker"];
const firstOf = (plan: SystemPlan, service: string): Readonly<Record<string, unknown>> =>
  podOf(plan, service === "worker" ? "StatefulSet" : "Deployment", service).containers[0] ?? {};

describe("trademaster", () => {
  const development = planTradeMaster({ environment: "development" });
  const staging = planTradeMaster({ environment: "staging", profile: "full" });
  const production = planTradeMaster({ profile: "full", hostAgents: false });
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

  it("is confined: 1000, a read-only root, no rights, two folders of their sizes in memory [S2-22, S2-23, S2-24, S2-25, S2-26, S2-27]", () => {
    for (const service of applications) {
      const { user, readOnly, capabilities, securityOpts, tmpfs } = containerOf(development, service);
      assert.deepEqual([user, readOnly, capabilities], ["1000:1000", true, { drops: ["ALL"] }]);
      // AppArmor's and seccomp's own profiles hold where nothing else is said
      assert.deepEqual(securityOpts, ["no-new-privileges"]);
      assert.match(tmpfs?.["/tmp"] ?? "", /^rw,nosuid,nodev,noexec,size=100m,/);
      assert.match(tmpfs?.["/var/tmp"] ?? "", /^rw,nosuid,nodev,noexec,size=50m,/);
      const kind = service === "worker" ? "StatefulSet" : "Deployment";
      const pod = podOf(production, kind, service) as ReturnType<typeof podOf> & { readonly securityContext: object };
      const { securityContext } = pod;
      for (const [key, value] of Object.entries({ runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true }))
        assert.equal(Reflect.get(securityContext, key), value);
      assert.deepEqual(Reflect.get(securityContext, "seccompProfile"), { type: "RuntimeDefault" });
      assert.deepEqual(firstOf(production, service)["securityContext"], {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
      const memory = pod.volumes.filter(({ emptyDir }) => JSON.stringify(emptyDir)?.includes("Memory"));
      const sizes = new Map(memory.map(({ name, emptyDir }) => [name, Reflect.get(Object(emptyDir), "sizeLimit")]));
      assert.deepEqual([sizes.get("scratch-tmp"), sizes.get("scratch-vartmp")], ["100Mi", "50Mi"]);
    }
  });

  it("may start a thousand processes, and swaps nothing out [S2-28, S2-29]", () => {
    for (const service of applications) {
      assert.equal(serviceOf(production, service).resources.pids, 1000);
      const { memory, memorySwap } = containerOf(development, service);
      assert.equal(memorySwap, memory);
    }
  });

  it("has a database with the figures of 16 GiB in production, and a sixteenth of them on a small machine [S2-30, S2-31]", () => {
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

  it("gets its secrets as files, generated, 64 and 32 long, and no password is written anywhere [S2-34, S2-35, S2-36]", () => {
    const paths = (service: string) =>
      serviceOf(production, service)
        .files.filter(({ content }) => secretsIn(content).length > 0)
        .map(({ path, mode }) => `${path} ${mode.toString(8)}`)
        .sort();
    const stores = ["/run/secrets/database_url 400", "/run/secrets/redis_url 400"];
    assert.deepEqual(paths("web"), stores);
    assert.deepEqual(paths("api"), ["/run/secrets/api_key 400", stores[0], "/run/secrets/jwt_secret 400", stores[1]]);
    for (const { env } of production.services)
      for (const value of Object.values(env)) assert.deepEqual(secretsIn(value), []);
    const sources = Object.fromEntries(
      production.secrets.map(({ ref, source }) => [ref.key, source.from === "generated" ? source.length : source.from]),
    );
    assert.deepEqual(sources, {
      "api-secret-key": 64,
      "grafana-admin-password": 32,
      "jwt-secret": 32,
      "postgres-password": 32,
      "redis-password": 32,
    });
    assert.doesNotMatch(JSON.stringify(production), /admin123/);
  });

  it("has no service that is privileged, or root but cAdvisor [S2-39]", () => {
    const root = development.services.filter(
      ({ security }) => security.user === 0 || security.addCapabilities.length > 0,
    );
    assert.deepEqual(
      root.map(({ name }) => name),
      ["cadvisor"],
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

  it("sets the two buffers of TCP that are a container's own, when it is asked to [S2-43]", () => {
    assert.deepEqual(serviceOf(production, "web").kernel.sysctls, {});
    const buffers = planTradeMaster({ environment: "development", networkBuffers: true });
    assert.deepEqual(containerOf(buffers, "web").sysctls, {
      "net.ipv4.tcp_rmem": "4096 87380 134217728",
      "net.ipv4.tcp_wmem": "4096 65536 134217728",
    });
  });

  it("tells libraries how many threads they may start: as many as cores, four at most [S2-45]", () => {
    const threads = (cores: number) =>
      new Set(
        Object.values(
          threadVariables({ cpuMillis: { request: 1, limit: cores * 1000 }, memoryMiB: { request: 6, limit: 6 } }),
        ),
      );
    assert.deepEqual(
      [0.5, 1, 2.5, 4, 16].map((cores) => [...threads(cores)]),
      [["1"], ["1"], ["2"], ["4"], ["4"]],
    );
    for (const library of ["OMP", "MKL", "OPENBLAS", "NUMEXPR"])
      assert.equal(serviceOf(production, "worker").env[`${library}_NUM_THREADS`], "4");
  });

  it("keeps what workers have on a volume of each, of the class that is asked for [S2-47]", () => {
    assert.deepEqual(
      Object.values(serviceOf(production, "worker").volumes).map(({ path }) => path),
      ["/app/data"],
    );
    assert.equal(serviceOf(production, "worker").kind, "stateful");
  });

  it("is checked each 30 s, for 10 s, three times, after a minute to start [S2-48]", () => {
    for (const service of applications) {
      const { healthcheck } = containerOf(development, service);
      assert.deepEqual(
        [healthcheck.interval, healthcheck.timeout, healthcheck.retries, healthcheck.startPeriod],
        ["30s", "10s", 3, "1m0s"],
      );
      const probe = (path: string) => {
        const port = service === "api" ? 5000 : 8080;
        return { httpGet: { port, path }, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 3 };
      };
      assert.deepEqual(firstOf(production, service)["readinessProbe"], probe("/health"));
      assert.deepEqual(firstOf(production, service)["livenessProbe"], probe("/live"));
    }
  });

  it("is scraped at port 8000, which nothing else leads to [S2-49, S2-50]", () => {
    const own = production.scrapes.filter(({ service }) => applications.includes(service));
    assert.deepEqual(own.map(({ service, port }) => `${service} ${port}`).sort(), [
      "api 8000",
      "web 8000",
      "worker 8000",
    ]);
    const { names } = own.find(({ service }) => service === "worker") ?? { names: [] };
    const families = new Set(
      names.filter((name) => name.startsWith("trademaster_")).map((name) => name.replace(/_(bucket|count|sum)$/, "")),
    );
    assert.equal(families.size, 9);
    for (const plan of [development, production])
      for (const service of applications) assert.equal(serviceOf(plan, service).ports["metrics"]?.exposure, "internal");
  });

  it("keeps metrics for 200 hours [S2-51]", () => {
    assert.ok(serviceOf(production, "prometheus").args?.includes("--storage.tsdb.retention.time=200h"));
    const longer = planTradeMaster({ retentionHours: 400 });
    assert.ok(serviceOf(longer, "prometheus").args?.includes("--storage.tsdb.retention.time=400h"));
  });

  it("has node-exporter and cAdvisor look at a machine, and leaves that to a cluster [S2-52]", () => {
    const names = (plan: SystemPlan) => plan.services.map(({ name }) => name);
    for (const agent of ["node-exporter", "cadvisor"]) {
      assert.ok(names(development).includes(agent));
      assert.ok(!names(production).includes(agent));
    }
  });

  it("alerts at 85 percent of processor, memory and disk, on metrics that it exports, each with a page [S2-53]", () => {
    const own = serviceOf(production, "worker").alerts;
    for (const name of ["Cpu", "Memory", "Disk"]) {
      const alert = own.find((each) => each.name === `TradeMasterHigh${name}`);
      assert.match(alert?.expr ?? "", / > 85$/, name);
      assert.equal(alert?.forSeconds, 300);
    }
    const exported = new Set(["up", ...production.scrapes.flatMap(({ names }) => names)]);
    for (const { expr, runbook } of production.alerts) {
      assert.deepEqual(
        metricNames(expr).filter((name) => !exported.has(name)),
        [],
      );
      assert.ok(runbook !== undefined && existsSync(join(__dirname, "../..", runbook)), runbook);
    }
    for (const { model } of production.dashboards)
      for (const expression of expressionsIn(model))
        assert.deepEqual(
          metricNames(expression).filter((name) => !exported.has(name)),
          [],
        );
  });

  it("tells of alerts by mail, Slack and WeChat Work, whose secrets are files [S2-54]", () => {
    const config = stackSchema.parse({ systems: ["trademaster"], receivers: everyReceiver });
    const alertmanager = serviceOf(systems.trademaster(config).plan(), "alertmanager");
    const { receivers } = parse(contentOf(alertmanager, "/etc/alertmanager/alertmanager.yml")) as {
      readonly receivers: readonly object[];
    };
    const kinds = new Set(receivers.flatMap((receiver) => Object.keys(receiver)));
    for (const kind of ["email_configs", "slack_configs", "wechat_configs"]) assert.ok(kinds.has(kind), kind);
    const secrets = alertmanager.files.filter(({ content }) => secretsIn(content).length > 0);
    assert.ok(secrets.length >= 3);
    for (const { path, mode } of secrets) assert.match(`${path} ${mode.toString(8)}`, /^\/run\/secrets\/\S+ 400$/);
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
