import assert from "node:assert/strict";
import { type ServiceSpec, serviceSchema } from "../../components/core/spec";
import { problemsIn, problemsWith } from "../support/problems";

const digest = `@sha256:${"0123456789abcdef".repeat(4)}`;
const names = "use 1 to 40 of a-z, 0-9 and -, beginning with a letter";
const aPath = "use an absolute path without a colon, without . or .. and without a slash at its end";
const aReference = "use repository:tag or repository@sha256:…, the repository in lower case";

describe("a service's schema", () => {
  it("fills in the secure and neutral choice everywhere", () => {
    assert.deepEqual(serviceSchema.parse({ image: "api:1" }), {
      image: "api:1",
      kind: "service",
      ports: {},
      aliases: [],
      env: {},
      files: [],
      volumes: {},
      scratch: {},
      hostMounts: [],
      resources: { cpuMillis: { request: 100 }, memoryMiB: { request: 128, limit: 256 }, pids: 256 },
      replicas: 1,
      singleton: false,
      probes: { startupSeconds: 60 },
      security: {
        user: 10001,
        group: 10001,
        supplementalGroups: [],
        readOnlyRoot: true,
        addCapabilities: [],
        noNewPrivileges: true,
        appArmor: "runtime/default",
      },
      shutdown: { graceSeconds: 30, signal: "SIGTERM" },
      update: { order: "startFirst", parallelism: 1, pauseSeconds: 10, onFailure: "rollback" },
      logging: { maxSizeMiB: 10, maxFiles: 3 },
      kernel: { sysctls: {}, ulimits: {} },
      alerts: [],
      provides: {},
    });
  });

  it("fills in what is nested, too", () => {
    const spec: ServiceSpec = {
      image: { build: { context: "." } },
      ports: { http: { number: 8080 } },
      files: [{ path: "/etc/api/a.conf", content: "" }],
      volumes: { data: { path: "/data" } },
      scratch: { tmp: { path: "/tmp" } },
      hostMounts: [{ source: "/", path: "/host", because: "reads the machine's figures" }],
      probes: { ready: { http: { port: "http", path: "/" } } },
      metrics: { port: "http" },
      provides: { http: { port: "http" } },
    };
    const parsed = serviceSchema.parse(spec);
    assert.deepEqual(parsed.image, { build: { context: ".", dockerfile: "Dockerfile", baseImages: {} } });
    assert.deepEqual(parsed.ports, { http: { number: 8080, protocol: "tcp", exposure: "internal" } });
    assert.deepEqual(parsed.files, [{ path: "/etc/api/a.conf", content: "", mode: 0o444 }]);
    assert.deepEqual(parsed.volumes, { data: { path: "/data", sizeMiB: 1024, keep: false } });
    assert.deepEqual(parsed.scratch, { tmp: { path: "/tmp", sizeMiB: 64 } });
    assert.equal(parsed.hostMounts[0]?.readOnly, true);
    assert.deepEqual(parsed.probes.ready, {
      http: { port: "http", path: "/" },
      periodSeconds: 10,
      timeoutSeconds: 3,
      failures: 3,
    });
    assert.deepEqual(parsed.metrics, {
      port: "http",
      path: "/metrics",
      intervalSeconds: 15,
      timeoutSeconds: 10,
      names: [],
    });
    assert.deepEqual(parsed.provides, { http: { port: "http", values: {}, path: "" } });
  });

  it("lets requests and timeouts follow the limits that they may not exceed", () => {
    const { resources, metrics } = serviceSchema.parse({
      image: "api:1",
      resources: { cpuMillis: { limit: 50 }, memoryMiB: { limit: 64 } },
      metrics: { port: "http", intervalSeconds: 5 },
    });
    assert.deepEqual(resources.cpuMillis, { request: 50, limit: 50 });
    assert.deepEqual(resources.memoryMiB, { request: 64, limit: 64 });
    assert.equal(metrics?.timeoutSeconds, 5);
  });
});

describe("an image", () => {
  for (const image of [
    "redis:7.4",
    "library/redis:7.4-alpine",
    "ghcr.io/owner/app:1",
    "localhost:5000/redis:7.4",
    `localhost:5000/redis${digest}`,
    `redis${digest}`,
    `redis:7.4${digest}`,
    `redis:latest${digest}`,
    "[::1]:5000/app:1",
    "a.b-c/d__e/f--g.h:T_a.g-1",
    "REGISTRY.example.com/app:1",
  ])
    it(`may be ${image.slice(0, 40)}`, () => {
      assert.deepEqual(problemsWith({ image }), []);
    });

  for (const [image, remedy] of [
    ["redis", "add a tag or a digest"],
    ["localhost:5000/redis", "add a tag or a digest"],
    ["redis:latest", "latest means another image tomorrow: name a version"],
    ["localhost:5000/redis:latest", "latest means another image tomorrow: name a version"],
    ["redis:7:8", aReference],
    ["Redis:7", aReference],
    ["redis:", aReference],
    ["redis@sha256:12", aReference],
    ["https://redis:7", aReference],
    ["a//b:1", aReference],
    ["/a:1", aReference],
    ["-a:1", aReference],
    ["redis:7 ", aReference],
    ["redis:7\n", aReference],
    ["", aReference],
  ] as const)
    it(`may not be ${JSON.stringify(image)}`, () => {
      assert.deepEqual(problemsWith({ image }), [`services.api.image: is ${JSON.stringify(image)}; ${remedy}`]);
    });

  it("is refused in an instant, however long it is", () => {
    const began = performance.now();
    assert.equal(problemsWith({ image: `${"a-".repeat(5000)}!` }).length, 1);
    assert.ok(performance.now() - began < 1000);
  });
});

describe("a path", () => {
  for (const path of [
    "",
    "/",
    "a",
    "a/b",
    "/a/",
    "//a",
    "/a//b",
    "/a/..",
    "/a/../b",
    "/./a",
    "/a:b",
    "/a\u0000b",
    "/a\nb",
    "C:\\a",
  ])
    it(`may not be ${JSON.stringify(path)}`, () => {
      assert.deepEqual(problemsWith({ volumes: { data: { path } } }), [
        `services.api.volumes.data.path: is ${JSON.stringify(path)}; ${aPath}`,
      ]);
    });
});

describe("a name", () => {
  for (const name of ["a", "a1", "a-b", "constructor", "a".repeat(40)])
    it(`may be ${name}`, () => {
      assert.deepEqual(
        problemsIn((shop) => void shop.service(name, { image: "api:1" })),
        [],
      );
    });

  for (const name of ["", "A", "1a", "-a", "a-", "a_b", "a.b", "ü", "a b", "__proto__", "a".repeat(41)])
    it(`may not be ${JSON.stringify(name)}`, () => {
      assert.deepEqual(
        problemsIn((shop) => void shop.service(name, { image: "api:1" })),
        [`services.${name}: is ${JSON.stringify(name)}; ${names}`],
      );
    });
});
