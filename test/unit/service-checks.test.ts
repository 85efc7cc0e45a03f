import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { problemsWith } from "../support/problems";

const http = { number: 8080 };

/** A service that the check refuses, with what it says, and one like it that passes. */
interface Case {
  readonly wrong: Partial<ServiceSpec>;
  readonly says: string;
  readonly right: Partial<ServiceSpec>;
}

const serviceCases: Readonly<Record<string, Case>> = {
  "a port is named once": {
    wrong: { ports: { http, web: http } },
    says: "ports.web.number: is 8080/tcp, as ports.http; name each port once",
    right: { ports: { http, web: { ...http, protocol: "udp" } } },
  },
  "a host port needs exposure": {
    wrong: { ports: { http: { ...http, hostNumber: 80 } } },
    says: "ports.http.hostNumber: is set on an internal port; set exposure to loopback, or leave it out",
    right: { ports: { http: { ...http, hostNumber: 80, exposure: "loopback" } } },
  },
  "metrics name a port": {
    wrong: { ports: { http }, metrics: { port: "htp" } },
    says: 'metrics.port: names the port "htp"; did you mean http?',
    right: { ports: { http }, metrics: { port: "http" } },
  },
  "metrics of a service without ports": {
    wrong: { metrics: { port: "constructor" } },
    says: 'metrics.port: names the port "constructor"; there is none to choose from',
    right: { ports: { constructor: http }, metrics: { port: "constructor" } },
  },
  "metrics need tcp": {
    wrong: { ports: { dns: { number: 53, protocol: "udp" } }, metrics: { port: "dns" } },
    says: 'metrics.port: names the udp port "dns"; name a tcp port',
    right: { ports: { dns: { number: 53 } }, metrics: { port: "dns" } },
  },
  "an endpoint names a port": {
    wrong: { ports: { http }, provides: { web: { port: "web" } } },
    says: 'provides.web.port: names the port "web"; use http',
    right: { ports: { dns: { number: 53, protocol: "udp" } }, provides: { web: { port: "dns" } } },
  },
  "an http probe names a port": {
    wrong: { ports: { http }, probes: { startup: { http: { port: "admin", path: "/" } } } },
    says: 'probes.startup: names the port "admin"; use http',
    right: { ports: { http }, probes: { startup: { http: { port: "http", path: "/" } } } },
  },
  "a tcp probe needs tcp": {
    wrong: { ports: { dns: { number: 53, protocol: "udp" } }, probes: { live: { tcp: { port: "dns" } } } },
    says: 'probes.live: names the udp port "dns"; name a tcp port',
    right: { ports: { dns: { number: 53, protocol: "udp" } }, probes: { live: { exec: ["dig"] } } },
  },
  "mounts have places of their own": {
    wrong: { volumes: { data: { path: "/data" } }, scratch: { tmp: { path: "/data" } } },
    says: "scratch.tmp.path: is /data, as volumes.data; give each a path of its own",
    right: { volumes: { data: { path: "/data" } }, scratch: { tmp: { path: "/data/tmp" } } },
  },
  "folders of the machine have places of their own": {
    wrong: {
      scratch: { tmp: { path: "/src" } },
      hostMounts: [{ source: "/srv", path: "/src", because: "development" }],
    },
    says: "hostMounts.0.path: is /src, as scratch.tmp; give each a path of its own",
    right: { hostMounts: [{ source: "/srv", path: "/src", because: "development" }] },
  },
  "files have places of their own": {
    wrong: {
      files: [
        { path: "/etc/a/b", content: "" },
        { path: "/etc/a/b", content: "" },
      ],
    },
    says: "files.1.path: is /etc/a/b, as another file's; give each file a path of its own",
    right: {
      files: [
        { path: "/etc/a/b", content: "" },
        { path: "/etc/a/bc", content: "" },
      ],
    },
  },
  "a file is not hidden by a mount": {
    wrong: { scratch: { run: { path: "/run" } }, files: [{ path: "/run/secrets/key", content: "" }] },
    says: "files.0.path: is /run/secrets/key, hidden by scratch.run; put it into another folder",
    right: { scratch: { run: { path: "/run" } }, files: [{ path: "/runtime/key", content: "" }] },
  },
  "nothing is mounted in a file": {
    wrong: { volumes: { data: { path: "/etc/a/b" } }, files: [{ path: "/etc/a", content: "" }] },
    says: "files.0.path: is /etc/a, and /etc/a/b lies in it; give one of them another path",
    right: { volumes: { data: { path: "/etc/b" } }, files: [{ path: "/etc/c/a", content: "" }] },
  },
  "a file lies in a folder": {
    wrong: { files: [{ path: "/start.sh", content: "" }] },
    says: "files.0.path: is /start.sh, right below /; put it into a folder",
    right: { files: [{ path: "/opt/start.sh", content: "" }] },
  },
  "a singleton is alone": {
    wrong: { singleton: true, replicas: 2 },
    says: "replicas: is 2 for a singleton; use 1, or drop singleton",
    right: { singleton: true },
  },
  "a singleton does not scale": {
    wrong: { singleton: true, autoscale: { min: 1, max: 2, cpuPercent: 50 } },
    says: "autoscale: is set for a singleton; drop autoscale, or singleton",
    right: { autoscale: { min: 1, max: 2, cpuPercent: 50 } },
  },
  "min is below max": {
    wrong: { autoscale: { min: 3, max: 2, cpuPercent: 50 } },
    says: "autoscale.min: is 3, above max 2; use at most max",
    right: { autoscale: { min: 2, max: 2, cpuPercent: 50 } },
  },
  "autoscale replaces replicas": {
    wrong: { replicas: 2, autoscale: { min: 2, max: 3, cpuPercent: 50 } },
    says: "replicas: is 2 beside autoscale; use autoscale.min for it",
    right: { autoscale: { min: 2, max: 3, cpuPercent: 50 } },
  },
  "only services scale": {
    wrong: { kind: "job", autoscale: { min: 1, max: 2, cpuPercent: 50 } },
    says: "autoscale: is set for the kind job; only services scale by themselves",
    right: { kind: "job" },
  },
  "replicas do not share a volume": {
    wrong: { replicas: 2, volumes: { data: { path: "/data" } } },
    says: "replicas: is 2, and they would share a volume; use the kind stateful: a volume for each",
    right: { kind: "stateful", replicas: 2, volumes: { data: { path: "/data" } } },
  },
  "what scales does not share a volume": {
    wrong: { autoscale: { min: 1, max: 4, cpuPercent: 50 }, volumes: { data: { path: "/data" } } },
    says: "autoscale.max: is 4, and they would share a volume; use the kind stateful: a volume for each",
    right: { autoscale: { min: 1, max: 1, cpuPercent: 50 }, volumes: { data: { path: "/data" } } },
  },
  "replicas do not share a host port": {
    wrong: { replicas: 3, ports: { http: { ...http, exposure: "loopback" } } },
    says: "ports.http.exposure: is loopback with 3 replicas, which cannot share a host port; put a load balancer before them",
    right: { replicas: 3, ports: { http } },
  },
  "a memory request is below the limit": {
    wrong: { resources: { memoryMiB: { request: 512 } } },
    says: "resources.memoryMiB.request: is 512, above the limit 256; use at most the limit",
    right: { resources: { memoryMiB: { request: 512, limit: 512 } } },
  },
  "a cpu request is below the limit": {
    wrong: { resources: { cpuMillis: { request: 500, limit: 100 } } },
    says: "resources.cpuMillis.request: is 500, above the limit 100; use at most the limit",
    right: { resources: { cpuMillis: { request: 500 } } },
  },
  "a scrape ends before the next": {
    wrong: { ports: { http }, metrics: { port: "http", intervalSeconds: 5, timeoutSeconds: 6 } },
    says: "metrics.timeoutSeconds: is 6, above the interval 5; use at most the interval",
    right: { ports: { http }, metrics: { port: "http", intervalSeconds: 5, timeoutSeconds: 5 } },
  },
  "a soft limit is below the hard one": {
    wrong: { kernel: { ulimits: { nofile: { soft: 2, hard: 1 } } } },
    says: "kernel.ulimits.nofile.soft: is 2, above the hard limit 1; use at most the hard limit",
    right: { kernel: { ulimits: { nofile: { soft: 2, hard: -1 }, core: { soft: -1, hard: -1 } } } },
  },
  "unlimited is above every limit": {
    wrong: { kernel: { ulimits: { core: { soft: -1, hard: 1 } } } },
    says: "kernel.ulimits.core.soft: is unlimited, above the hard limit 1; use at most the hard limit",
    right: { kernel: { ulimits: { core: { soft: 0, hard: 0 } } } },
  },
  "cron needs a schedule": {
    wrong: { kind: "cron" },
    says: "schedule: is missing; give five cron fields, such as 0 3 * * *",
    right: { kind: "cron", schedule: "0 3 * * *" },
  },
  "a schedule needs cron": {
    wrong: { kind: "job", schedule: "0 3 * * *" },
    says: "schedule: is set for the kind job; use the kind cron",
    right: { kind: "job" },
  },
  "a job ends": {
    wrong: { kind: "job", restart: { policy: "always" } },
    says: "restart.policy: is always for the kind job; use onFailure or never",
    right: { kind: "job", restart: { policy: "never" } },
  },
  "attempts are counted on failure": {
    wrong: { restart: { policy: "always", maxAttempts: 3 } },
    says: "restart.maxAttempts: is set with the policy always; use the policy onFailure",
    right: { restart: { policy: "onFailure", maxAttempts: 3 } },
  },
};

describe("a service is checked as a whole:", () => {
  for (const [title, { wrong, says, right }] of Object.entries(serviceCases))
    it(title, () => {
      assert.deepEqual(problemsWith(wrong), [`services.api.${says}`]);
      assert.deepEqual(problemsWith(right), []);
    });

  const looser: readonly (readonly [string, NonNullable<ServiceSpec["security"]>])[] = [
    ["user is 0", { user: 0 }],
    ["a group is 0", { group: 0 }],
    ["a group is 0", { supplementalGroups: [7, 0] }],
    ["readOnlyRoot is false", { readOnlyRoot: false }],
    ["noNewPrivileges is false", { noNewPrivileges: false }],
    ["addCapabilities is SETUID, SETGID", { addCapabilities: ["SETUID", "SETGID"] }],
    ["appArmor is unconfined", { appArmor: "unconfined" }],
    ["user is 0; readOnlyRoot is false", { user: 0, readOnlyRoot: false }],
  ];
  for (const [what, security] of looser)
    it(`a reason is asked for when ${what}`, () => {
      assert.deepEqual(problemsWith({ security }), [
        `services.api.security: is looser than the default: ${what}; say why in security.because`,
      ]);
      assert.deepEqual(problemsWith({ security: { ...security, because: "it is a test" } }), []);
    });

  it("no reason is asked for another user or a profile of one's own", () => {
    assert.deepEqual(
      problemsWith({ security: { user: 70, group: 70, supplementalGroups: [7], appArmor: "mine" } }),
      [],
    );
  });
});
