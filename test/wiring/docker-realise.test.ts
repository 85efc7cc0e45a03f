import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { defineSystem } from "../../components/core/system";
import { text } from "../../components/core/value";
import { System } from "../../components/system";
import { type DockerOptions, docker } from "../../components/targets/docker/docker";
import { isSecret, leaks, markerOf, only, type Recorded, type Rendered, render, revealed } from "../support/mocks";

const types = {
  container: "docker:index/container:Container",
  image: "docker:index/remoteImage:RemoteImage",
  network: "docker:index/network:Network",
  provider: "pulumi:providers:docker",
  volume: "docker:index/volume:Volume",
};

const image = "shop/api:1.4.2";

const shop = defineSystem("shop", (system) => {
  const password = system.secret("password");
  const db = system.service("db", {
    kind: "stateful",
    image: "shop/db:15.1",
    ports: { pg: { number: 5432 } },
    files: [
      { path: "/run/secrets/password", content: password, mode: 0o400 },
      { path: "/etc/db/db.conf", content: "fsync = on\n" },
      { path: "/etc/db/empty", content: "", uid: 0, gid: 0 },
    ],
    volumes: { data: { path: "/data" }, archive: { path: "/archive", keep: true } },
    scratch: { tmp: { path: "/tmp" } },
    probes: { ready: { exec: ["pg_isready"] } },
  });
  const api = system.service("api", {
    image,
    ports: { http: { number: 8080, exposure: "loopback" } },
    hostMounts: [{ source: "/proc", path: "/host/proc", because: "reads the machine's counters" }],
  });
  api.connectsTo(db, { env: ({ host }) => ({ DSN: text`pg://app:${password}@${host}`, POOL: "20" }) });
  system.service("nightly", { kind: "cron", schedule: "0 3 * * *", image: "shop/nightly:1.0" });
});

const deploy = (options?: DockerOptions, preview = false): Promise<Rendered<System>> =>
  render(() => new System("shop", shop, { target: docker(options) }), preview);

const container = (resources: readonly Recorded[], name: string) => only(resources, types.container, name);

describe("Docker resources", () => {
  let resources: readonly Recorded[];
  let system: System;
  before(async () => {
    ({ resources, result: system } = await deploy());
  });

  it("are these and no others", () => {
    const names = resources.filter(({ type }) => type.startsWith("docker:")).map(({ type, name }) => `${type} ${name}`);
    assert.deepEqual(names, [
      `${types.container} shop-api`,
      `${types.container} shop-db`,
      `${types.container} shop-db.files`,
      `${types.network} shop-api.db`,
      `${types.network} shop-edge`,
      `${types.image} shop-shop/api:1.4.2`,
      `${types.image} shop-shop/db:15.1`,
      `${types.volume} shop-db.archive`,
      `${types.volume} shop-db.data`,
    ]);
  });

  it("belong to their service, and what services share to the system", () => {
    for (const { name, type, parent } of resources.filter((each) => each.type.startsWith("docker:"))) {
      const shared = type === types.network || type === types.image;
      assert.equal(parent, shared ? "shop" : name.startsWith("shop-db") ? "shop-db" : "shop-api", `${type} ${name}`);
    }
  });

  it("are not started by the provider, and not waited for by it", () => {
    for (const { inputs } of resources.filter(({ type }) => type === types.container)) {
      assert.deepEqual([inputs["start"], inputs["mustRun"], inputs["init"]], [false, false, false]);
      assert.deepEqual([inputs["wait"], inputs["attach"]], [undefined, undefined]);
    }
  });

  it("are replaced in place of the old ones, also for changes that the provider overlooks", () => {
    for (const name of ["shop-db", "shop-api"]) {
      const { deleteBeforeReplace, replaceOnChanges, ignoreChanges } = container(resources, name);
      assert.equal(deleteBeforeReplace, true);
      assert.deepEqual(replaceOnChanges, ["healthcheck", "init", "tmpfs"]);
      assert.deepEqual(ignoreChanges, []);
    }
    assert.equal(container(resources, "shop-db.files").deleteBeforeReplace, true);
    assert.equal(only(resources, types.network, "shop-api.db").deleteBeforeReplace, true);
  });

  it("come after their image and after what their service waits for", () => {
    const { dependsOn } = container(resources, "shop-api");
    for (const name of ["shop-shop/api:1.4.2", "shop-db", "shop-api.db", "shop-edge"])
      assert.ok(dependsOn.includes(name), `${name} is not among ${dependsOn.join(", ")}`);
    assert.ok(!container(resources, "shop-db").dependsOn.includes("shop-api"));
    assert.ok(container(resources, "shop-db.files").dependsOn.includes("shop-shop/db:15.1"));
  });

  it("keep images when they are removed, and volumes that are to stay", () => {
    assert.deepEqual(only(resources, types.image, "shop-shop/api:1.4.2").inputs, { keepLocally: true, name: image });
    assert.equal(only(resources, types.volume, "shop-db.archive").retainOnDelete, true);
    assert.equal(only(resources, types.volume, "shop-db.data").retainOnDelete, false);
  });

  it("carry the names of their stack, system and service", () => {
    const labelsOf = ({ inputs }: Recorded): unknown =>
      Object.fromEntries(
        (inputs["labels"] as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
      );
    const common = {
      "twofold.owner": "shop-owner-value",
      "twofold.stack": "shop-project/test",
      "twofold.system": "shop",
    };
    assert.deepEqual(labelsOf(container(resources, "shop-api")), {
      ...common,
      "twofold.replica": "1",
      "twofold.service": "api",
    });
    assert.deepEqual(labelsOf(only(resources, types.volume, "shop-db.data")), { ...common, "twofold.service": "db" });
    assert.deepEqual(labelsOf(only(resources, types.network, "shop-edge")), common);
    assert.deepEqual(labelsOf(container(resources, "shop-db.files")), {
      ...common,
      "twofold.carrier": "db",
      "twofold.owners": "10001:10001 0:0 10001:10001",
    });
  });

  it("belong to a deployment that keeps the id of its first run", () => {
    const { inputs, ignoreChanges, parent } = only(resources, "pulumi:index:Stash", "shop-owner");
    assert.match(String(inputs["input"]), /^[0-9a-f-]{36}$/);
    assert.deepEqual([ignoreChanges, parent], [["input"], "shop"]);
  });

  it("join networks by id, internal ones by name and the edge without one", () => {
    assert.deepEqual(container(resources, "shop-api").inputs["networksAdvanced"], [
      { name: "shop-api.db-id", aliases: ["api"] },
      { name: "shop-edge-id", aliases: [] },
    ]);
    const { inputs: edge } = only(resources, types.network, "shop-edge");
    assert.deepEqual(edge["options"], { "com.docker.network.bridge.enable_icc": "false" });
    assert.equal(edge["internal"], false);
    const { inputs: pair } = only(resources, types.network, "shop-api.db");
    assert.deepEqual([pair["internal"], pair["options"]], [true, undefined]);
  });

  it("mount files from the carrier read-only, volumes by name and folders of the machine", () => {
    assert.deepEqual(container(resources, "shop-db").inputs["volumes"], [
      { fromContainer: "shop-db.files-id:ro" },
      { containerPath: "/archive", volumeName: "shop-db.archive" },
      { containerPath: "/data", volumeName: "shop-db.data" },
    ]);
    assert.deepEqual(container(resources, "shop-api").inputs["volumes"], [
      { hostPath: "/proc", containerPath: "/host/proc", readOnly: true },
    ]);
    assert.deepEqual(container(resources, "shop-db.files").inputs["volumes"], [
      { containerPath: "/etc/db" },
      { containerPath: "/run/secrets" },
    ]);
  });

  it("hold files as text, empty ones as a line's end in Base64, and secret ones in an envelope", () => {
    const { uploads } = container(resources, "shop-db.files").inputs;
    assert.ok(isSecret(uploads));
    assert.deepEqual(revealed(uploads), [
      { file: "/etc/db/db.conf", permissions: "0444", content: "fsync = on\n" },
      { file: "/etc/db/empty", permissions: "0444", contentBase64: "\n" },
      {
        ...{ file: "/run/secrets/password", permissions: "0400" },
        contentBase64: Buffer.from(markerOf("shop-password")).toString("base64"),
      },
    ]);
  });

  it("show a secret nowhere but in envelopes", () => {
    const marker = markerOf("shop-password");
    const { envs } = container(resources, "shop-api").inputs;
    assert.deepEqual(revealed(envs), [`DSN=pg://app:${marker}@db`, "POOL=20"]);
    for (const hidden of [marker, Buffer.from(marker).toString("base64")])
      for (const { name, inputs } of resources) assert.deepEqual(leaks(inputs, hidden), [], name);
  });

  it("leave out what cannot run, with the reason, and say where the rest answers", async () => {
    assert.deepEqual(system.omitted, { nightly: "Docker has no scheduler" });
    const addresses = await new Promise((resolve) => system.endpoints.apply(resolve));
    assert.deepEqual(addresses, { "api/http": "http://127.0.0.1:8080" });
    assert.equal(await pulumi.isSecret(system.endpoints), false);
  });
});

describe("Docker resources elsewhere", () => {
  it("are made through a provider of their own when a host is given", async () => {
    const { resources } = await deploy({ host: "tcp://192.0.2.1:2375" });
    const { inputs, parent } = only(resources, types.provider, "shop-engine");
    assert.deepEqual([inputs["host"], parent], ["tcp://192.0.2.1:2375", "shop"]);
  });

  it("are the same in a preview, and the addresses are known there", async () => {
    const namesOf = ({ resources }: Rendered<System>) => resources.map(({ type, name }) => `${type} ${name}`);
    const preview = await deploy({}, true);
    assert.deepEqual(namesOf(preview), namesOf(await deploy()));
    const addresses = await new Promise((resolve) => preview.result.endpoints.apply(resolve));
    assert.deepEqual(addresses, { "api/http": "http://127.0.0.1:8080" });
  });
});
