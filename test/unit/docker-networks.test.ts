import assert from "node:assert/strict";
import fc from "fast-check";
import { external } from "../../components/core/connect";
import type { SystemBuilder } from "../../components/core/system";
import { overlap, parseBlock } from "../../components/targets/docker/ipv4";
import type { DockerModel } from "../../components/targets/docker/model";
import { assignSubnets } from "../../components/targets/docker/networks";
import { dockerModelOf, serviceIn } from "../support/plans";

const image = "shop/api:1.4.2";
const ports = { http: { number: 80 } };

function describeShop(system: SystemBuilder): void {
  const db = system.service("db", { image, ports });
  const api = system.service("api", { image, ports, replicas: 2 });
  const web = system.service("web", { image, ports: { http: { number: 80, exposure: "loopback" } } });
  const mail = system.service("mail", { image });
  system.service("loner", { image });
  api.connectsTo(db);
  web.connectsTo(api);
  mail.reaches(external("smtp.example.org", 587));
}

const networksOf = (model: DockerModel, service: string, replica = 0) =>
  serviceIn(model, service).containers[replica]?.networks;

describe("networks for each connection", () => {
  const model = dockerModelOf(describeShop);

  it("are one for each pair, internal, and one that leads outside and keeps its members apart", () => {
    assert.deepEqual(
      model.networks.map(({ name, internal, talk }) => ({ name, internal, talk })),
      [
        { name: "shop-api.db", internal: true, talk: true },
        { name: "shop-api.web", internal: true, talk: true },
        { name: "shop-edge", internal: false, talk: false },
      ],
    );
  });

  it("know a service by its name, also each of its replicas", () => {
    assert.deepEqual(networksOf(model, "db"), { "shop-api.db": ["db"] });
    assert.deepEqual(networksOf(model, "api", 0), { "shop-api.db": ["api"], "shop-api.web": ["api"] });
    assert.deepEqual(networksOf(model, "api", 1), { "shop-api.db": ["api"], "shop-api.web": ["api"] });
  });

  it("know a service with metrics by the name of its pods, too", () => {
    const measured = dockerModelOf((shop) => {
      const api = shop.service("api", { image, ports: { http: { number: 80 } }, metrics: { port: "http" } });
      shop.service("reader", { image }).connectsTo(api);
    });
    assert.deepEqual(networksOf(measured, "api"), { "shop-api.reader": ["api", "api-pods"] });
    assert.deepEqual(networksOf(measured, "reader"), { "shop-api.reader": ["reader"] });
  });

  it("put what is exposed or reaches out on the edge, too, without a name there", () => {
    assert.deepEqual(networksOf(model, "web"), { "shop-api.web": ["web"], "shop-edge": [] });
    assert.deepEqual(networksOf(model, "mail"), { "shop-edge": [] });
  });

  it("leave a service without connections alone with itself, and never on the default bridge", () => {
    const modes = Object.fromEntries(
      model.services.map(({ name, containers }) => [name, containers[0]?.args.networkMode]),
    );
    assert.deepEqual(modes, { api: "bridge", db: "bridge", loner: "none", mail: "bridge", web: "bridge" });
    assert.deepEqual(networksOf(model, "loner"), {});
    for (const { containers } of model.services)
      for (const { args, networks } of containers)
        assert.equal(args.networkMode === "none", Object.keys(networks).length === 0);
  });

  it("let two services meet just where a connection is declared", () => {
    const names = ["a", "b", "c", "d", "e"];
    const pair = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).filter(([from, to]) => from < to);
    fc.assert(
      fc.property(fc.uniqueArray(pair, { selector: String }), (pairs) => {
        const drawn = dockerModelOf((system) => {
          const handles = new Map(names.map((name) => [name, system.service(name, { image, ports })]));
          for (const [from, to] of pairs) {
            const target = handles.get(to);
            if (target !== undefined) handles.get(from)?.connectsTo(target);
          }
        });
        const talking = new Set(drawn.networks.filter(({ talk }) => talk).map(({ name }) => name));
        for (const from of names)
          for (const to of names.filter((name) => name > from)) {
            const theirs = new Set(Object.keys(networksOf(drawn, to) ?? {}));
            const meet = Object.keys(networksOf(drawn, from) ?? {}).some(
              (name) => talking.has(name) && theirs.has(name),
            );
            const declared = pairs.some(([a, b]) => a === from && b === to);
            assert.equal(meet, declared, `${from} and ${to}`);
          }
      }),
      { numRuns: 50 },
    );
  });
});

describe("one network for a system", () => {
  it("holds every service, and leads outside when anything does", () => {
    const { networks, services } = dockerModelOf(describeShop, { isolation: "system" });
    assert.deepEqual(
      networks.map(({ name, internal, talk }) => ({ name, internal, talk })),
      [{ name: "shop", internal: false, talk: true }],
    );
    for (const { name, containers } of services) assert.deepEqual(containers[0]?.networks, { shop: [name] });
  });

  it("is internal when nothing leads outside", () => {
    const { networks } = dockerModelOf((system) => void system.service("api", { image }), { isolation: "system" });
    assert.deepEqual(
      networks.map(({ internal }) => internal),
      [true],
    );
  });
});

describe("subnets", () => {
  const size = fc.record({ name: fc.string({ minLength: 1 }), addresses: fc.integer({ min: 1, max: 100 }) });
  const sizes = fc.uniqueArray(size, { selector: ({ name }) => name, maxLength: 40 });
  const blockOf = (text: string) => {
    const block = parseBlock(text);
    assert.ok(block, text);
    return block;
  };

  it("lie in the pool, do not overlap, and have room for every container and the gateway", () => {
    const pool = blockOf("10.200.0.0/13");
    fc.assert(
      fc.property(sizes, (networks) => {
        const subnets = assignSubnets(networks, "10.200.0.0/13");
        const blocks = networks.map(({ name }) => blockOf(subnets.get(name) ?? ""));
        for (const [index, block] of blocks.entries()) {
          assert.ok(block.size >= (networks[index]?.addresses ?? 0) + 3);
          assert.ok(block.first >= pool.first && block.first + block.size <= pool.first + pool.size);
          for (const other of blocks.slice(0, index)) assert.equal(overlap(block, other), false);
        }
      }),
    );
  });

  it("stay the same when a network is added", () => {
    const before = assignSubnets([{ name: "shop-api.db", addresses: 2 }], "10.200.0.0/13");
    const after = assignSubnets(
      [
        { name: "shop-a.b", addresses: 2 },
        { name: "shop-api.db", addresses: 2 },
      ],
      "10.200.0.0/13",
    );
    assert.equal(before.get("shop-api.db"), "10.203.88.200/29");
    assert.equal(after.get("shop-api.db"), "10.203.88.200/29");
  });

  it("leave room for a large network among small ones that fill much of the pool", () => {
    const small = Array.from({ length: 12 }, (_, index) => ({ name: `small-${index}`, addresses: 2 }));
    const subnets = assignSubnets([...small, { name: "large", addresses: 100 }], "10.9.8.0/24");
    assert.match(subnets.get("large") ?? "", /\/25$/);
    assert.equal(new Set(subnets.values()).size, 13);
  });

  it("move on when two names meet, until the pool is full", () => {
    const names = ["a", "b", "c"].map((name) => ({ name, addresses: 2 }));
    assert.deepEqual([...assignSubnets(names.slice(1), "10.9.8.0/28").values()].sort(), ["10.9.8.0/29", "10.9.8.8/29"]);
    assert.throws(
      () => assignSubnets(names, "10.9.8.0/28"),
      /subnets: is 10\.9\.8\.0\/28, too small for 3 networks; use a larger block/,
    );
  });

  for (const pool of ["10.200.0.0", "10.200.0.1/13", "10.300.0.0/16", "10.200.0.0/29", "10.0.0.0/7", "fd00::/64"]) {
    it(`cannot be cut from ${pool}`, () => {
      assert.throws(() => assignSubnets([], pool), {
        name: "DescriptionError",
        message: new RegExp(`subnets: is "${pool.replaceAll(".", "\\.")}"; use an IPv4 block of size /8 to /28`),
      });
    });
  }
});
