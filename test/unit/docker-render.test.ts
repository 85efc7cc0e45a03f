import assert from "node:assert/strict";
import { dockerContainerOf, dockerServiceOf } from "../support/plans";
import { everySecurityField } from "../support/security";

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
    const { args } = dockerContainerOf({ security: everySecurityField });
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
