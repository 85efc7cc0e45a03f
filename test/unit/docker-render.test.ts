import assert from "node:assert/strict";
import { SecretRef, text } from "../../components/core/value";
import { dockerContainerOf, dockerModelOf, dockerServiceOf, serviceIn } from "../support/plans";

const image = "shop/api:1.4.2";

describe("a container by default", () => {
  it("is confined, limited, and stopped gracefully", () => {
    assert.deepEqual(dockerContainerOf({}), {
      name: "shop-api",
      replica: 1,
      args: {
        image,
        user: "10001:10001",
        readOnly: true,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges"],
        cpuShares: 102,
        memory: 256,
        memoryReservation: 128,
        memorySwap: 256,
        init: false,
        healthcheck: { tests: ["NONE"] },
        restart: "unless-stopped",
        stopSignal: "SIGTERM",
        stopTimeout: 30,
        destroyGraceSeconds: 30,
        logDriver: "json-file",
        logOpts: { "max-file": "3", "max-size": "10m" },
        labels: [
          { label: "twofold.replica", value: "1" },
          { label: "twofold.service", value: "api" },
        ],
        networkMode: "none",
      },
      env: {},
      networks: {},
      volumes: {},
      owner: { uid: 10001, gid: 10001 },
    });
  });
});

describe("a container", () => {
  it("gets capabilities in the engine's spelling, groups, and an AppArmor profile that is named", () => {
    const { args } = dockerContainerOf({
      security: {
        user: 0,
        group: 7,
        supplementalGroups: [20, 4],
        readOnlyRoot: false,
        addCapabilities: ["NET_BIND_SERVICE", "CHOWN"],
        noNewPrivileges: false,
        appArmor: "shop-api",
        because: "shows every field",
      },
    });
    assert.equal(args.user, "0:7");
    assert.deepEqual(args.groupAdds, ["20", "4"]);
    assert.equal(args.readOnly, false);
    assert.deepEqual(args.capabilities, { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_NET_BIND_SERVICE"] });
    assert.deepEqual(args.securityOpts, ["apparmor=shop-api"]);
  });

  it("gets its limits as the provider reads them back", () => {
    const limitsOf = (request: number, limit: number) => {
      const { cpuShares, cpus } = dockerContainerOf({ resources: { cpuMillis: { request, limit } } }).args;
      return { cpuShares, cpus };
    };
    assert.deepEqual(limitsOf(1, 10), { cpuShares: 2, cpus: "0.01" });
    assert.deepEqual(limitsOf(500, 1500), { cpuShares: 512, cpus: "1.5" });
    assert.deepEqual(limitsOf(2000, 2000), { cpuShares: 2048, cpus: "2.0" });
  });

  it("gets kernel settings, scratch folders of its user, folders of the machine and log limits", () => {
    const { args } = dockerContainerOf({
      kernel: {
        sysctls: { "net.ipv4.tcp_syncookies": "1", "net.core.somaxconn": "512" },
        ulimits: { nproc: { soft: 10, hard: 20 }, nofile: { soft: 1024, hard: 2048 } },
        shmMiB: 32,
      },
      scratch: { tmp: { path: "/tmp", sizeMiB: 16 }, cache: { path: "/cache", noexec: false } },
      hostMounts: [{ source: "/proc", path: "/host/proc", because: "reads the machine's counters" }],
      logging: { maxSizeMiB: 5, maxFiles: 2 },
      shutdown: { graceSeconds: 90, signal: "SIGINT" },
    });
    assert.deepEqual(args.sysctls, { "net.core.somaxconn": "512", "net.ipv4.tcp_syncookies": "1" });
    assert.deepEqual(args.ulimits, [
      { name: "nofile", soft: 1024, hard: 2048 },
      { name: "nproc", soft: 10, hard: 20 },
    ]);
    assert.equal(args.shmSize, 32);
    assert.deepEqual(args.tmpfs, {
      "/cache": "rw,nosuid,nodev,exec,size=64m,mode=1777,uid=10001,gid=10001",
      "/tmp": "rw,nosuid,nodev,noexec,size=16m,mode=1777,uid=10001,gid=10001",
    });
    assert.deepEqual(args.volumes, [{ hostPath: "/proc", containerPath: "/host/proc", readOnly: true }]);
    assert.deepEqual(args.logOpts, { "max-file": "2", "max-size": "5m" });
    assert.deepEqual([args.stopSignal, args.stopTimeout, args.destroyGraceSeconds], ["SIGINT", 90, 90]);
  });

  it("keeps command and arguments apart", () => {
    const { args } = dockerContainerOf({ command: ["/bin/api"], args: ["--verbose"] });
    assert.deepEqual(args.entrypoints, ["/bin/api"]);
    assert.deepEqual(args.command, ["--verbose"]);
  });

  it("is published on the loopback address unless it is public, with the base added", () => {
    const ports = {
      admin: { number: 9000, exposure: "loopback" },
      dns: { number: 53, protocol: "udp", exposure: "public", hostNumber: 5353 },
      inner: { number: 7000 },
    } as const;
    const service = dockerServiceOf({ ports }, { hostPortBase: 10_000 });
    assert.deepEqual(service.containers[0]?.args.ports, [
      { internal: 9000, external: 19_000, ip: "127.0.0.1", protocol: "tcp" },
      { internal: 53, external: 15_353, ip: "0.0.0.0", protocol: "udp" },
    ]);
    assert.deepEqual(service.addresses, { admin: "127.0.0.1:19000", dns: "127.0.0.1:15353" });
  });

  it("answers at a URL where the port speaks HTTP", () => {
    const ports = {
      http: { number: 80, exposure: "loopback" },
      ui: { number: 443, exposure: "loopback" },
    } as const;
    const provides = { console: { port: "ui", scheme: "https" } };
    const { addresses } = dockerServiceOf({ ports, provides }, { publishAddress: "192.0.2.7" });
    assert.deepEqual(addresses, { http: "http://192.0.2.7:80", ui: "https://192.0.2.7:443" });
  });

  it("restarts as the description says; a job gives up after six attempts", () => {
    const restartOf = (spec: object) => {
      const { restart, maxRetryCount } = dockerContainerOf(spec).args;
      return [restart, maxRetryCount];
    };
    assert.deepEqual(restartOf({}), ["unless-stopped", undefined]);
    assert.deepEqual(restartOf({ restart: { policy: "onFailure", maxAttempts: 3 } }), ["on-failure", 3]);
    assert.deepEqual(restartOf({ restart: { policy: "never" } }), ["no", undefined]);
    assert.deepEqual(restartOf({ kind: "job" }), ["on-failure", 6]);
  });
});

describe("a service on Docker", () => {
  it("has its number of replicas, and the least number when it scales", () => {
    const namesOf = (spec: object) =>
      dockerServiceOf(spec).containers.map(({ name, args }) => [name, args.labels[0]?.value]);
    assert.deepEqual(namesOf({ replicas: 2 }), [
      ["shop-api.1", "1"],
      ["shop-api.2", "2"],
    ]);
    assert.deepEqual(namesOf({ autoscale: { min: 2, max: 5, cpuPercent: 50 } }).length, 2);
  });

  it("has a volume for each replica, which stays when that is asked for", () => {
    const spec = {
      kind: "stateful",
      replicas: 2,
      volumes: { data: { path: "/data" }, logs: { path: "/logs", keep: true } },
    } as const;
    assert.deepEqual(dockerServiceOf(spec).volumes, [
      { name: "shop-api.1.data", keep: false },
      { name: "shop-api.1.logs", keep: true },
      { name: "shop-api.2.data", keep: false },
      { name: "shop-api.2.logs", keep: true },
    ]);
    assert.ok(dockerServiceOf(spec, { keepVolumes: true }).volumes.every(({ keep }) => keep));
  });

  it("is left out, but rendered, when its image cannot be had or it runs by the clock", () => {
    const resolveImage = () => ({ kind: "unavailable", because: "there is no build for it" }) as const;
    const missing = dockerServiceOf({}, { resolveImage });
    assert.equal(missing.omitted, "there is no build for it");
    assert.equal(missing.containers[0]?.args.image, image);
    assert.equal(dockerServiceOf({ kind: "cron", schedule: "0 3 * * *" }).omitted, "Docker has no scheduler");
    assert.equal(dockerServiceOf({}).omitted, undefined);
  });

  it("takes images as the resolver names them, and refuses builds without one", () => {
    const build = { build: { context: "./api" } };
    const resolveImage = () => ({ kind: "image", reference: "local/api:abc" }) as const;
    assert.equal(dockerContainerOf({ image: build }, { resolveImage }).args.image, "local/api:abc");
    assert.throws(
      () => dockerContainerOf({ image: build }),
      /image\.build\.context: is "\.\/api", and nothing here builds/,
    );
  });

  it("gets every name from the prefix, and the labels that the target adds", () => {
    const model = dockerModelOf(
      (system) => {
        const db = system.service("db", {
          image,
          ports: { pg: { number: 5432 } },
          volumes: { data: { path: "/data" } },
          files: [{ path: "/etc/db/db.conf", content: "" }],
        });
        system.service("api", { image }).connectsTo(db);
      },
      { prefix: "mine", labels: { team: "trade" } },
    );
    const { containers, volumes, carriers } = serviceIn(model, "db");
    const names = [...model.networks, ...containers, ...volumes, ...carriers].map(({ name }) => name);
    assert.deepEqual(names, ["mine-api.db", "mine-db", "mine-db.data", "mine-db.files"]);
    assert.deepEqual(containers[0]?.args.labels[0], { label: "team", value: "trade" });
  });

  it("refuses every port beyond the last one and every impossible file at once", () => {
    const describe = (): unknown =>
      dockerServiceOf(
        {
          ports: { http: { number: 80, exposure: "loopback", hostNumber: 60_000 } },
          files: [{ path: "/proc/api.conf", content: "" }],
        },
        { hostPortBase: 10_000 },
      );
    assert.throws(describe, {
      name: "DescriptionError",
      message: [
        "system shop on docker: 2 problems",
        "  services.api.files: has /proc/api.conf, where Docker cannot put a file; put it into a folder of its own, such as /etc/app or /run/secrets",
        "  services.api.ports.http.hostNumber: is 70000 with the base 10000; use a smaller number or hostPortBase, so that the sum is at most 65535",
      ].join("\n"),
    });
  });
});

describe("files and volumes on Docker", () => {
  const password = new SecretRef("shop", "password");
  const withSecret = (spec: object) =>
    serviceIn(
      dockerModelOf((system) => {
        system.secret("password");
        system.service("api", { image, ...spec });
      }),
      "api",
    );

  it("are filled by carriers: files read-only in copies of their outermost folders, secrets as references", () => {
    const service = withSecret({
      files: [
        { path: "/etc/api/api.conf", content: "a = 1\n" },
        { path: "/etc/api/rules/one.yml", content: "" },
        { path: "/run/secrets/dsn", content: text`pw=${password}`, mode: 0o400, uid: 7, gid: 8 },
      ],
    });
    assert.deepEqual(service.carriers, [
      {
        name: "shop-api.files",
        image,
        folders: ["/etc/api", "/run/secrets"],
        uploads: [
          { path: "/etc/api/api.conf", content: "a = 1\n", mode: "0444", uid: 10001, gid: 10001 },
          { path: "/etc/api/rules/one.yml", content: "", mode: "0444", uid: 10001, gid: 10001 },
          { path: "/run/secrets/dsn", content: text`pw=${password}`, mode: "0400", uid: 7, gid: 8 },
        ],
      },
    ]);
  });

  it("keep folders apart whose names only begin alike", () => {
    const files = ["/etc/api/a", "/etc/api-more/b", "/etc/api/deep/er/c"].map((path) => ({ path, content: "x" }));
    assert.deepEqual(dockerServiceOf({ files }).carriers[0]?.folders, ["/etc/api", "/etc/api-more"]);
  });

  it("leave a place for what is mounted inside a folder that cannot be written", () => {
    const { carriers } = dockerServiceOf({
      files: [{ path: "/app/app.conf", content: "x" }],
      scratch: { tmp: { path: "/app/tmp" }, other: { path: "/tmp" } },
      volumes: { data: { path: "/app/data" } },
    });
    assert.deepEqual(
      carriers[0]?.uploads.map(({ path, mode, uid }) => [path, mode, uid]),
      [
        ["/app/data/", "0755", 0],
        ["/app/tmp/", "0755", 0],
        ["/app/app.conf", "0444", 10001],
      ],
    );
  });

  it("are named volumes of the service's user", () => {
    const service = dockerServiceOf({ volumes: { data: { path: "/data" } }, security: { user: 999, group: 998 } });
    assert.deepEqual(service.carriers, []);
    assert.deepEqual(service.containers[0]?.volumes, { "/data": "shop-api.data" });
    assert.deepEqual(service.containers[0]?.owner, { uid: 999, gid: 998 });
  });

  it("are held once for all replicas", () => {
    const files = [{ path: "/etc/api/api.conf", content: "x" }];
    const carriersOf = (spec: object) =>
      dockerServiceOf({ files, replicas: 2, ...spec }).carriers.map(({ name }) => name);
    assert.deepEqual(carriersOf({}), ["shop-api.files"]);
    assert.deepEqual(carriersOf({ kind: "stateful", volumes: { data: { path: "/data" } } }), ["shop-api.files"]);
  });
});
