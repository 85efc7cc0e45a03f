import assert from "node:assert/strict";
import { parse } from "yaml";
import type { SystemBuilder } from "../../components/core/system";
import { text } from "../../components/core/value";
import { composeOf } from "../../components/targets/docker/compose";
import { composeYaml } from "../../components/targets/docker/compose-yaml";
import type { DockerOptions } from "../../components/targets/docker/docker";
import { dockerModelOf, planOf } from "../support/plans";

const image = "shop/api:1.4.2";
const probes = { ready: { exec: ["true"] } };

const fileOf = (describe: (system: SystemBuilder) => void, options: DockerOptions = {}) =>
  composeOf(dockerModelOf(describe, options));
const yamlOf = (describe: (system: SystemBuilder) => void, options: DockerOptions = {}): string =>
  composeYaml(dockerModelOf(describe, options), planOf(describe));
const servicesOf = (describe: (system: SystemBuilder) => void, options: DockerOptions = {}) =>
  (parse(yamlOf(describe, options)) as { services: Record<string, Record<string, unknown>> }).services;
/** The service of a container of the service api. */
const apiOf = (spec: object): Record<string, unknown> =>
  servicesOf((system) => void system.service("api", { image, ...spec }))["shop-api"] ?? {};

/** How Compose writes a variable that must be set. */
const needed = (variable: string, otherwise: string): string => `\${${variable}:?${otherwise}}`;
/** What a container is to hand over: user and path, in turns. */
const handedOver = (service: Record<string, unknown> | undefined): unknown =>
  (service?.["entrypoint"] as string[] | undefined)?.slice(4);

describe("a Compose file", () => {
  it("names the project, and each service like its container, so that no short name answers anywhere by itself", () => {
    const file = fileOf((system) => void system.service("api", { image, replicas: 2 }), { prefix: "mine" });
    assert.equal(file.name, "mine");
    assert.deepEqual(Object.keys(file.services), ["mine-api.1", "mine-api.2"]);
  });

  it("has the networks of the model, and the names of services on those where they talk", () => {
    const describe = (system: SystemBuilder): void => {
      const db = system.service("db", { image, ports: { main: { number: 5432 } } });
      const ports = { http: { number: 80, exposure: "loopback" } } as const;
      system.service("api", { image, ports }).connectsTo(db);
    };
    const file = fileOf(describe);
    const [pair, edge] = ["shop-api.db", "shop-edge"];
    assert.deepEqual(file.networks[pair], {
      internal: true,
      ipam: { config: [{ subnet: "10.203.88.200/29" }] },
      name: pair,
    });
    const { driver_opts, internal } = file.networks[edge] as { driver_opts: object; internal: boolean };
    assert.deepEqual([internal, driver_opts], [false, { "com.docker.network.bridge.enable_icc": "false" }]);
    const services = servicesOf(describe);
    assert.deepEqual(services["shop-api"]?.["networks"], { [pair]: { aliases: ["api"] }, [edge]: {} });
    assert.deepEqual(services["shop-db"]?.["networks"], { [pair]: { aliases: ["db"] } });
    assert.deepEqual(services["shop-api"]?.["ports"], [
      { host_ip: "127.0.0.1", protocol: "tcp", published: "80", target: 80 },
    ]);
  });

  it("leaves a service without connections alone with itself", () => {
    assert.equal(apiOf({})["network_mode"], "none");
    assert.equal(apiOf({})["networks"], undefined);
  });

  it("waits for every replica of what a service waits for", () => {
    const services = servicesOf((system) => {
      const ports = { http: { number: 80 } };
      const healthy = system.service("healthy", { image, ports, probes, replicas: 2 });
      const started = system.service("started", { image, ports });
      const job = system.service("job", { image, ports, kind: "job" });
      system.service("api", { image }).connectsTo(healthy).connectsTo(started).connectsTo(job);
    });
    assert.deepEqual(services["shop-api"]?.["depends_on"], {
      "shop-healthy.1": { condition: "service_healthy" },
      "shop-healthy.2": { condition: "service_healthy" },
      "shop-job": { condition: "service_completed_successfully" },
      "shop-started": { condition: "service_started" },
    });
    assert.equal(services["shop-job"]?.["restart"], "on-failure:6");
  });

  it("leaves out what cannot run, says why, and waits for nothing that is not there", () => {
    const describe = (system: SystemBuilder): void => {
      const absent = system.service("absent", { image: "none:1", ports: { http: { number: 80 } } });
      system.service("api", { image }).connectsTo(absent);
      system.service("nightly", { image, kind: "cron", schedule: "0 3 * * *" });
    };
    const options: DockerOptions = {
      resolveImage: (given) =>
        given === image ? { kind: "image", reference: image } : { kind: "unavailable", because: "there is none" },
    };
    assert.deepEqual(Object.keys(servicesOf(describe, options)), ["shop-api"]);
    assert.deepEqual(servicesOf(describe, options)["shop-api"]?.["depends_on"], undefined);
    const yaml = yamlOf(describe, options);
    assert.match(yaml, /^# - absent is left out: there is none\.$/m);
    assert.match(yaml, /^# - nightly is left out: Docker has no scheduler\.$/m);
  });

  it("has a variable for each secret that is used, and doubles other dollar signs", () => {
    const describe = (system: SystemBuilder): void => {
      const password = system.secret("db-password");
      const key = system.secret("api-key", { config: "exchangeApiKey" });
      system.secret("unused");
      system.service("api", {
        image,
        env: { URL: text`postgres://app:${password}@db/$a`, PLAIN: "$HOME" },
        files: [{ path: "/run/secrets/key", content: key }],
      });
    };
    const yaml = yamlOf(describe);
    const { services, configs } = parse(yaml) as {
      services: Record<string, { environment?: object }>;
      configs: Record<string, object>;
    };
    assert.deepEqual(services["shop-api"]?.environment, {
      PLAIN: "$$HOME",
      URL: `postgres://app:${needed("DB_PASSWORD", "set it to any 32 letters and digits")}@db/$$a`,
    });
    assert.deepEqual(configs, {
      "shop-api.files.1": { content: needed("API_KEY", "set it to exchangeApiKey of the stack's configuration") },
    });
    assert.match(yaml, /^# - API_KEY: set it to exchangeApiKey of the stack's configuration$/m);
    assert.match(yaml, /^# - DB_PASSWORD: set it to any 32 letters and digits$/m);
    assert.doesNotMatch(yaml, /UNUSED/);
  });

  it("brings files by a container that gives them to their users before the service starts", () => {
    const files = [
      { path: "/etc/app/a", content: "a", mode: 0o400 },
      { path: "/etc/app/b", content: "b", uid: 0 },
    ];
    const volumes = { inner: { path: "/etc/app/data" } };
    const services = servicesOf((system) => void system.service("api", { image, files, volumes }));
    const carrier = services["shop-api.files"];
    assert.deepEqual(carrier?.["configs"], [
      { mode: "0755", source: "shop-api.files.1", target: "/etc/app/data/mount-point" },
      { mode: "0400", source: "shop-api.files.2", target: "/etc/app/a" },
      { mode: "0444", source: "shop-api.files.3", target: "/etc/app/b" },
    ]);
    assert.deepEqual(handedOver(carrier), ["10001:10001", "/etc/app/a", "0:10001", "/etc/app/b"]);
    const folder = { source: "shop-api.files.1", target: "/etc/app", type: "volume" };
    assert.deepEqual(carrier?.["volumes"], [folder]);
    const api = services["shop-api"];
    assert.deepEqual(api?.["volumes"], [
      { read_only: true, ...folder },
      { source: "shop-api.inner", target: "/etc/app/data", type: "volume" },
    ]);
    const ended = { condition: "service_completed_successfully" };
    assert.deepEqual(api?.["depends_on"], { "shop-api.files": ended, "shop-api.owner": ended });
  });

  it("is made anew where a file has changed, which Compose would not notice", () => {
    const labelsOf = (content: string): unknown => apiOf({ files: [{ path: "/etc/app/a", content }] })["labels"];
    assert.deepEqual(labelsOf("a"), labelsOf("a"));
    assert.notDeepEqual(labelsOf("a"), labelsOf("b"));
  });

  it("gives a volume to its user, unless that is root", () => {
    const volumes = { data: { path: "/data" } };
    const services = servicesOf((system) => void system.service("api", { image, volumes }));
    assert.deepEqual(handedOver(services["shop-api.owner"]), ["10001:10001", "/data"]);
    assert.deepEqual(services["shop-api.owner"]?.["cap_add"], ["CAP_CHOWN"]);
    const root = { user: 0, group: 0, because: "a test" };
    const rooted = servicesOf((system) => void system.service("api", { image, volumes, security: root }));
    assert.deepEqual(Object.keys(rooted), ["shop-api"]);
  });

  it("says which volumes are to be kept", () => {
    const volumes = { data: { path: "/data", keep: true }, cache: { path: "/cache" } };
    const yaml = yamlOf((system) => void system.service("api", { image, volumes }));
    assert.match(yaml, /^# - shop-api\.data is to be kept, which docker compose down --volumes does not know\.$/m);
    assert.doesNotMatch(yaml, /shop-api\.cache is to be kept/);
  });

  it("switches off the image's own check, or has the described one", () => {
    assert.deepEqual(apiOf({})["healthcheck"], { disable: true });
    const timing = { periodSeconds: 90, timeoutSeconds: 2, failures: 4 };
    assert.deepEqual(apiOf({ probes: { ready: { exec: ["check", "$1"], ...timing } } })["healthcheck"], {
      interval: "1m30s",
      retries: 4,
      start_period: "1m0s",
      test: ["CMD", "check", "$$1"],
      timeout: "2s",
    });
  });

  it("confines as the Docker target does", () => {
    const api = apiOf({
      resources: { cpuMillis: { request: 250, limit: 500 }, memoryMiB: { request: 64, limit: 128 }, pids: 99 },
      scratch: { tmp: { path: "/tmp", sizeMiB: 8 } },
      kernel: { shmMiB: 16, sysctls: { "net.core.somaxconn": "9" }, ulimits: { nofile: { soft: 1, hard: 2 } } },
      security: { addCapabilities: ["NET_RAW"], supplementalGroups: [7], because: "a test" },
      hostMounts: [{ source: "/src", path: "/app", because: "a test" }],
      shutdown: { signal: "SIGINT", graceSeconds: 5 },
    });
    const { labels: _labels, healthcheck: _check, ...rest } = api;
    assert.deepEqual(rest, {
      cap_add: ["CAP_NET_RAW"],
      cap_drop: ["ALL"],
      container_name: "shop-api",
      cpu_shares: 256,
      cpus: "0.5",
      group_add: ["7"],
      image,
      init: false,
      logging: { driver: "json-file", options: { "max-file": "3", "max-size": "10m" } },
      mem_limit: "128m",
      mem_reservation: "64m",
      memswap_limit: "128m",
      network_mode: "none",
      pids_limit: 99,
      read_only: true,
      restart: "unless-stopped",
      security_opt: ["no-new-privileges"],
      shm_size: "16m",
      stop_grace_period: "5s",
      stop_signal: "SIGINT",
      sysctls: { "net.core.somaxconn": "9" },
      tmpfs: ["/tmp:rw,nosuid,nodev,noexec,size=8m,mode=1777,uid=10001,gid=10001"],
      ulimits: { nofile: { hard: 2, soft: 1 } },
      user: "10001:10001",
      volumes: [{ read_only: true, source: "/src", target: "/app", type: "bind" }],
    });
  });
});
