import assert from "node:assert/strict";
import { SecretRef, text } from "../../components/core/value";
import { dockerContainerOf, dockerModelOf, dockerServiceOf, serviceIn } from "../support/plans";

const image = "shop/api:1.4.2";

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
