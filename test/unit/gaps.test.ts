import assert from "node:assert/strict";
import {
  approximated,
  type Feature,
  features,
  forbiddenGaps,
  type Gap,
  gapsOf,
  type Level,
  native,
  type Strictness,
  type SupportTable,
  unsupported,
} from "../../components/core/gaps";
import type { SystemPlan } from "../../components/core/plan-types";
import type { ServiceSpec } from "../../components/core/spec";
import { defineSystem } from "../../components/core/system";

type Fields = Omit<ServiceSpec, "image">;

const plan = (...services: readonly Fields[]): SystemPlan =>
  defineSystem("shop", (shop) => {
    for (const [index, fields] of services.entries()) shop.service(`s${index}`, { image: "api:1", ...fields });
  }).plan();

const uses = (feature: Feature, fields: Fields): boolean => {
  const [service] = plan(fields).services;
  assert.ok(service);
  return features[feature](service);
};

const http = { ports: { http: { number: 80 } } };
const alert = { name: "Down", expr: "up == 0", forSeconds: 0, severity: "info", summary: "down" } as const;
const exec = { exec: ["true"] };

/** For each feature, a service that uses it and one that is as near as can be and does not; `all` do for the first few. */
const cases: Readonly<Record<Feature, { used: Fields; unused: Fields | "all use it" }>> = {
  kind: { used: { kind: "job" }, unused: { kind: "cron", schedule: "0 0 * * *" } },
  schedule: { used: { kind: "cron", schedule: "0 0 * * *" }, unused: { kind: "job" } },
  image: { used: {}, unused: "all use it" },
  command: { used: { command: ["sh"] }, unused: { args: ["sh"] } },
  args: { used: { args: [] }, unused: { command: ["sh"] } },
  ports: { used: http, unused: {} },
  "ports.exposure": { used: { ports: { http: { number: 80, exposure: "public" } } }, unused: http },
  aliases: { used: { ...http, aliases: ["web"] }, unused: http },
  env: { used: { env: { A: "" } }, unused: {} },
  files: { used: { files: [{ path: "/a/b", content: "" }] }, unused: {} },
  "files.owner": {
    used: { files: [{ path: "/a/b", content: "", gid: 7 }] },
    unused: { files: [{ path: "/a/b", content: "", uid: 10001 }] },
  },
  volumes: { used: { volumes: { data: { path: "/data" } } }, unused: { scratch: { data: { path: "/data" } } } },
  "volumes.sizeMiB": { used: { volumes: { data: { path: "/data" } } }, unused: {} },
  scratch: { used: { scratch: { tmp: { path: "/tmp" } } }, unused: {} },
  "scratch.noexec": {
    used: { scratch: { tmp: { path: "/tmp", noexec: true } } },
    unused: { scratch: { tmp: { path: "/tmp" }, cache: { path: "/cache", noexec: false } } },
  },
  hostMounts: { used: { hostMounts: [{ source: "/", path: "/host", because: "a test" }] }, unused: {} },
  "resources.cpuMillis": { used: {}, unused: "all use it" },
  "resources.memoryMiB": { used: {}, unused: "all use it" },
  "resources.pids": { used: {}, unused: "all use it" },
  replicas: { used: { replicas: 2 }, unused: { replicas: 1 } },
  singleton: { used: { singleton: true }, unused: { singleton: false } },
  autoscale: { used: { autoscale: { min: 1, max: 2, cpuPercent: 50 } }, unused: { replicas: 2 } },
  "probes.startup": { used: { probes: { startup: exec } }, unused: { probes: { ready: exec } } },
  "probes.ready": { used: { probes: { ready: exec } }, unused: { probes: { live: exec } } },
  "probes.live": { used: { probes: { ready: exec, live: exec } }, unused: { probes: { live: exec } } },
  security: { used: { security: { user: 70 } }, unused: { security: { user: 10001 } } },
  "security.appArmor": { used: { security: { appArmor: "mine" } }, unused: { security: { user: 70 } } },
  shutdown: { used: {}, unused: "all use it" },
  "shutdown.signal": { used: { shutdown: { signal: "SIGINT" } }, unused: { shutdown: { graceSeconds: 5 } } },
  restart: { used: { restart: { policy: "never" } }, unused: { restart: { policy: "always" } } },
  "restart.maxAttempts": {
    used: { restart: { policy: "onFailure", maxAttempts: 3 } },
    unused: { restart: { policy: "onFailure" } },
  },
  update: { used: { update: { order: "stopFirst" } }, unused: { update: { order: "startFirst" } } },
  logging: { used: { logging: { maxFiles: 5 } }, unused: { logging: { maxFiles: 3 } } },
  "kernel.sysctls": { used: { kernel: { sysctls: { "net.core.somaxconn": "1" } } }, unused: {} },
  "kernel.ulimits": { used: { kernel: { ulimits: { core: { soft: 0, hard: 0 } } } }, unused: {} },
  "kernel.shmMiB": { used: { kernel: { shmMiB: 64 } }, unused: {} },
  metrics: { used: { ...http, metrics: { port: "http" } }, unused: http },
  alerts: { used: { alerts: [alert] }, unused: { alerts: [] } },
  provides: { used: { ...http, provides: { web: { port: "http" } } }, unused: http },
};

const names = Object.keys(features) as Feature[];

describe("a feature", () => {
  for (const feature of names) {
    const { used, unused } = cases[feature];
    it(`${feature} is used by ${JSON.stringify(used)} and not by ${JSON.stringify(unused)}`, () => {
      assert.equal(uses(feature, used), true);
      if (unused === "all use it") assert.equal(uses(feature, {}), true);
      else assert.equal(uses(feature, unused), false);
    });
  }

  it("of a plain service is only what every service has", () => {
    const ofAll = names.filter((feature) => cases[feature].unused === "all use it");
    assert.deepEqual(
      names.filter((feature) => uses(feature, {})),
      ofAll,
    );
  });

  it("of a job is its kind and that it is not started again for ever", () => {
    assert.equal(uses("restart", { kind: "job" }), true);
  });
});

/** A table in which everything is native but for what is given. */
function table(verdicts: Partial<Record<Feature, Level>>): SupportTable {
  return { ...(Object.fromEntries(names.map((name) => [name, native])) as Record<Feature, Level>), ...verdicts };
}

describe("gapsOf", () => {
  it("is empty when all is native", () => {
    assert.deepEqual(gapsOf(plan({ replicas: 3, kind: "stateful" }), table({})), []);
  });

  it("lists what a service uses, in the order of services and of features", () => {
    const support = table({
      replicas: approximated("one host"),
      autoscale: unsupported("no autoscaler", "set replicas"),
      image: approximated("built here"),
    });
    assert.deepEqual(gapsOf(plan({ replicas: 2 }, { autoscale: { min: 1, max: 2, cpuPercent: 50 } }), support), [
      { service: "s0", feature: "image", level: "approximated", because: "built here" },
      { service: "s0", feature: "replicas", level: "approximated", because: "one host" },
      { service: "s1", feature: "image", level: "approximated", because: "built here" },
      { service: "s1", feature: "autoscale", level: "unsupported", because: "no autoscaler", instead: "set replicas" },
    ]);
  });
});

describe("forbiddenGaps", () => {
  const bent: Gap = { service: "api", feature: "update", level: "approximated", because: "it is replaced" };
  const missing: Gap = {
    service: "api",
    feature: "autoscale",
    level: "unsupported",
    because: "no autoscaler",
    instead: "set replicas",
  };
  const table: readonly (readonly [Strictness, ...Feature[]])[] = [
    ["off"],
    ["unsupported", "autoscale"],
    ["approximated", "update", "autoscale"],
  ];
  for (const [strictness, ...expected] of table)
    it(`${strictness} forbids ${expected.join(" and ") || "nothing"}`, () => {
      assert.deepEqual(
        forbiddenGaps([bent, missing], strictness).map(({ path }) => path),
        expected.map((feature) => `services.api.${feature}`),
      );
    });

  it("says what is different and what to do", () => {
    assert.deepEqual(forbiddenGaps([bent, missing], "approximated"), [
      {
        path: "services.api.update",
        given: "is approximated here: it is replaced",
        remedy: "change the description or lower strictParity",
      },
      { path: "services.api.autoscale", given: "is unsupported here: no autoscaler", remedy: "set replicas" },
    ]);
  });
});
