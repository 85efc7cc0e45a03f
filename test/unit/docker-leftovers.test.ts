import assert from "node:assert/strict";
import { makeRoom } from "../../components/targets/docker/leftovers";
import { FakeEngine, inspection } from "../support/fake-engine";

const owner = "shop/dev";
const types = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
};

interface Existing {
  readonly container?: { readonly owner?: string; readonly status: string };
  readonly networks?: readonly { readonly name: string; readonly owner?: string; readonly subnet: string }[];
  readonly volume?: { readonly owner?: string };
}

const labelled = (stack: string | undefined) => (stack === undefined ? null : { "twofold.stack": stack });

function engineWith({ container, networks = [], volume }: Existing): FakeEngine {
  return new FakeEngine({
    inspect: async () =>
      container && inspection({ Status: container.status }, { Config: { Labels: labelled(container.owner) } }),
    networks: async () =>
      networks.map(({ name, owner: stack, subnet }) => ({
        ...{ Id: `id-of-${name}`, Name: name, Labels: labelled(stack), IPAM: { Config: [{ Subnet: subnet }] } },
      })),
    volume: async (name) => volume && { Name: name, Labels: labelled(volume.owner) },
  });
}

describe("room for a container", () => {
  const args = { name: "shop-api", image: "shop/api:1" };

  it("is there when nothing has its name", async () => {
    const engine = engineWith({});
    await makeRoom(engine, owner, types.container, args);
    assert.deepEqual(engine.changes, []);
  });

  it("is made by removing what a killed run of this stack left behind", async () => {
    const engine = engineWith({ container: { owner, status: "created" } });
    await makeRoom(engine, owner, types.container, args);
    assert.deepEqual(engine.changes, ["remove 1234"]);
  });

  const taken: Record<string, { readonly owner?: string; readonly status: string }> = {
    "that runs, though it is this stack's": { owner, status: "running" },
    "of another stack": { owner: "shop/test", status: "created" },
    "of nobody": { status: "created" },
  };
  for (const [name, container] of Object.entries(taken)) {
    it(`is not made by removing one ${name}`, async () => {
      const engine = engineWith({ container });
      await assert.rejects(
        makeRoom(engine, owner, types.container, args),
        /container shop-api exists already, .*; give the target another prefix, or run docker rm -f shop-api/,
      );
      assert.deepEqual(engine.changes, []);
    });
  }
});

describe("room for a network", () => {
  const args = { name: "shop-api.db", ipamConfigs: [{ subnet: "10.200.0.8/29" }] };
  const make = (...networks: NonNullable<Existing["networks"]>) => {
    const engine = engineWith({ networks });
    return { engine, made: makeRoom(engine, owner, types.network, args) };
  };

  it("is made by removing what a killed run of this stack left behind", async () => {
    const { engine, made } = make({ name: "shop-api.db", owner, subnet: "10.200.0.8/29" });
    await made;
    assert.deepEqual(engine.changes, ["remove id-of-shop-api.db"]);
  });

  it("is not made by removing another stack's", async () => {
    const { engine, made } = make({ name: "shop-api.db", owner: "shop/test", subnet: "10.1.0.0/16" });
    await assert.rejects(made, /network shop-api\.db exists already, and is the stack shop\/test's/);
    assert.deepEqual(engine.changes, []);
  });

  it("is refused where another network has the addresses, and said which", async () => {
    const { made } = make({ name: "bridge", subnet: "172.17.0.0/16" }, { name: "office", subnet: "10.192.0.0/10" });
    await assert.rejects(made, {
      message:
        "network shop-api.db cannot have 10.200.0.8/29: network office has 10.192.0.0/10; give the target other subnets",
    });
  });

  it("is there beside networks with other addresses, or of another kind", async () => {
    const { engine, made } = make({ name: "next", subnet: "10.200.0.16/29" }, { name: "six", subnet: "fd00::/64" });
    await made;
    assert.deepEqual(engine.changes, []);
  });
});

describe("room for a volume", () => {
  const args = { name: "shop-db.data" };

  it("is there when there is none, or one that this stack kept", async () => {
    await makeRoom(engineWith({}), owner, types.volume, args);
    await makeRoom(engineWith({ volume: { owner } }), owner, types.volume, args);
  });

  it("is refused where the volume is somebody else's", async () => {
    const made = makeRoom(engineWith({ volume: {} }), owner, types.volume, args);
    await assert.rejects(made, {
      message:
        "volume shop-db.data exists already, and is nobody's that is known here; give the target another prefix, or run docker volume rm shop-db.data",
    });
  });
});

it("there is no room for what has no rule", async () => {
  await assert.rejects(
    makeRoom(engineWith({}), owner, "docker:index/plugin:Plugin", { name: "x" }),
    /no rule for leftovers/,
  );
});
