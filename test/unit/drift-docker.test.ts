import assert from "node:assert/strict";
import { containerDifferences, madeContainer } from "../../drift/docker";
import { fileDifferences, filesOf, networkDifferences, volumeDifferences } from "../../drift/docker-objects";
import { type RealContainer, realContainer } from "../../drift/docker-real";
import { Secret } from "../../drift/state";

const inputs = {
  name: "shop-api",
  image: "shop/api:1.4.2",
  command: ["serve"],
  user: "10001:10001",
  stopSignal: "SIGTERM",
  stopTimeout: 30,
  healthcheck: { tests: ["CMD", "true"], interval: "1m0s", timeout: "1.5s", startPeriod: "0s", retries: 3 },
  readOnly: true,
  init: false,
  capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
  securityOpts: ["no-new-privileges"],
  cpus: "2.0",
  cpuShares: 1024,
  memory: 64,
  memoryReservation: 32,
  memorySwap: 64,
  networkMode: "shop-net",
  restart: "unless-stopped",
  logDriver: "json-file",
  logOpts: { "max-size": "10m" },
  ulimits: [{ name: "nofile", soft: 10, hard: 20 }],
  ports: [{ internal: 80, external: 8080, ip: "127.0.0.1", protocol: "tcp" }],
  networksAdvanced: [{ name: "net-id" }],
  volumes: [
    { containerPath: "/data", volumeName: "shop-data" },
    { containerPath: "/host", hostPath: "/srv", readOnly: true },
    { fromContainer: "carrier:ro" },
  ],
  labels: [{ label: "twofold.owner", value: "mine" }],
  envs: ["MODE=a", new Secret("KEY=hunter2")],
  mustRun: false,
};

const inspection = {
  Id: "1",
  Name: "/shop-api",
  Image: "sha256:1",
  State: { Status: "running" },
  Config: {
    ...{ Image: "shop/api:1.4.2", User: "10001:10001", Cmd: ["serve"], Entrypoint: ["/init"], StopTimeout: 30 },
    StopSignal: "SIGTERM",
    Env: ["PATH=/bin", "MODE=a", "KEY=hunter2"],
    Labels: { "twofold.owner": "mine", "of.the.image": "x" },
    Healthcheck: { Test: ["CMD", "true"], Interval: 60e9, Timeout: 1.5e9, Retries: 3 },
  },
  HostConfig: {
    ...{ Privileged: false, PidMode: "", IpcMode: "private", UsernsMode: "", Devices: null },
    ...{ ReadonlyRootfs: true, Init: false, CapDrop: ["ALL"], CapAdd: ["CAP_NET_BIND_SERVICE"], GroupAdd: null },
    ...{ SecurityOpt: ["no-new-privileges"], NanoCpus: 2e9, CpuShares: 1024, Memory: 64 * 2 ** 20, ShmSize: 2 ** 26 },
    ...{ MemoryReservation: 32 * 2 ** 20, MemorySwap: 64 * 2 ** 20, NetworkMode: "shop-net", Tmpfs: null },
    RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 },
    LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
    Ulimits: [{ Name: "nofile", Soft: 10, Hard: 20 }],
    PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }] },
    Binds: ["shop-data:/data:rw", "/srv:/host:ro"],
    VolumesFrom: ["carrier:ro"],
  },
  NetworkSettings: { Networks: { "shop-net": {}, bridge: {} } },
};

const networks = new Map([["net-id", "shop-net"]]);

type Part = "State" | "Config" | "HostConfig" | "NetworkSettings";

const changed = (part: Part, change: object): RealContainer =>
  realContainer.parse({ ...inspection, [part]: { ...inspection[part], ...change } });
const lines = (real: RealContainer): readonly string[] =>
  containerDifferences(madeContainer.parse(inputs), real, { ofImage: ["PATH=/bin"], networks }).map(
    ({ path, made, found }) => `${path}: ${made} > ${found}`,
  );

describe("a container", () => {
  it("is as it was made, with what its image brings", () => {
    assert.deepEqual(lines(realContainer.parse(inspection)), []);
  });

  const cases: readonly [Part, object, readonly string[]][] = [
    ["State", { Status: "exited" }, ['status: "running" > "exited"']],
    ["Config", { Env: ["PATH=/bin", "MODE=b", "KEY=hunter2"] }, ['env.MODE: "a" > "b"']],
    ["Config", { Env: ["PATH=/bin", "MODE=a", "KEY=other"] }, ["env.KEY: [secret] > [secret]"]],
    ["Config", { Env: ["PATH=/bin", "MODE=a", "KEY=hunter2", "MORE=x"] }, ["env.MORE: undefined > [secret]"]],
    ["Config", { Env: ["PATH=/mine", "MODE=a", "KEY=hunter2"] }, ["env.PATH: undefined > [secret]"]],
    ["Config", { Image: "shop/api:2" }, ['image: "shop/api:1.4.2" > "shop/api:2"']],
    [
      "Config",
      { Healthcheck: { Test: ["NONE"] } },
      [
        "healthcheck.interval: 60 > undefined",
        "healthcheck.retries: 3 > undefined",
        'healthcheck.tests: ["CMD","true"] > ["NONE"]',
        "healthcheck.timeout: 1.5 > undefined",
      ],
    ],
    ["HostConfig", { Memory: 2 ** 30 }, ["memory: 64 > 1024"]],
    ["HostConfig", { Privileged: true }, ["privileged: false > true"]],
    [
      "HostConfig",
      { Binds: ["shop-data:/data:rw"] },
      ['volumes: ["/srv:/host:ro","carrier:ro","shop-data:/data:rw"] > ["carrier:ro","shop-data:/data:rw"]'],
    ],
    ["HostConfig", { ReadonlyRootfs: false }, ["readOnly: true > false"]],
    ["HostConfig", { CapAdd: ["CAP_SYS_ADMIN"] }, ['capabilities.adds[0]: "CAP_NET_BIND_SERVICE" > "CAP_SYS_ADMIN"']],
    [
      "HostConfig",
      { PortBindings: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }] } },
      ['ports[80/tcp]: "127.0.0.1:8080" > "0.0.0.0:8080"'],
    ],
    ["NetworkSettings", { Networks: { "shop-net": {}, other: {} } }, ['networks: ["shop-net"] > ["other","shop-net"]']],
  ];
  for (const [part, change, expected] of cases)
    it(`is told apart by ${JSON.stringify(change).slice(0, 60)}`, () =>
      assert.deepEqual([...lines(changed(part, change))].sort(), expected));
});

describe("what a container was given", () => {
  const uploads = [
    { file: "/etc/a", content: "plain", permissions: "0444" },
    { file: "/run/b", contentBase64: new Secret(Buffer.from("hunter2").toString("base64")), permissions: "0400" },
    { file: "/etc/dir/", content: "" },
  ];
  const asMade = new Map([
    ["/etc/a", { mode: 0o444, content: Buffer.from("plain") }],
    ["/run/b", { mode: 0o400, content: Buffer.from("hunter2") }],
  ]);

  it("is compared file by file, and no content is shown", () => {
    assert.deepEqual(filesOf({ uploads }), ["/etc/a", "/run/b"]);
    assert.deepEqual(fileDifferences({ uploads }, asMade), []);
    const other = new Map([["/run/b", { mode: 0o644, content: Buffer.from("changed") }]]);
    assert.deepEqual(fileDifferences({ uploads }, other), [
      { path: "files[/etc/a]", made: "a file", found: undefined },
      { path: "files[/run/b].mode", made: '"0400"', found: '"0644"' },
      { path: "files[/run/b]", made: "7 bytes", found: "other, 7 bytes" },
    ]);
  });
});

describe("a network and a volume", () => {
  const labels = [{ label: "twofold.owner", value: "mine" }];

  it("are compared by what they were made with", () => {
    const network = { internal: true, ipamConfigs: [{ subnet: "10.1.0.0/28" }], labels };
    const real = { Internal: true, IPAM: { Config: [{ Subnet: "10.1.0.0/28" }] }, Labels: { "twofold.owner": "mine" } };
    assert.deepEqual(networkDifferences(network, real), []);
    const open = { ...real, Internal: false, IPAM: { Config: [{ Subnet: "10.2.0.0/28" }] } };
    assert.deepEqual(networkDifferences(network, open), [
      { path: "internal", made: "true", found: "false" },
      { path: "subnets[0]", made: '"10.1.0.0/28"', found: '"10.2.0.0/28"' },
    ]);
    assert.deepEqual(volumeDifferences({ labels }, { Labels: { "twofold.owner": "mine" } }), []);
    assert.deepEqual(volumeDifferences({ labels }, { Labels: null }), [
      { path: "labels", made: '{"twofold.owner":"mine"}', found: undefined },
    ]);
  });
});
