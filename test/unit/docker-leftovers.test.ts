import assert from "node:assert/strict";
import { makeRoom, refuseSecond, takeOver } from "../../components/targets/docker/leftovers";
import { FakeEngine, inspection } from "../support/fake-engine";

const owner = "3f1c";
const newcomer = (name: string, rest: object = {}) => ({
  ...{ name, ...rest },
  labels: Object.entries(labelled(owner)).map(([label, value]) => ({ label, value })),
});
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

function labelled(deployment: string): Record<string, string>;
function labelled(deployment: string | undefined): Record<string, string> | null;
function labelled(deployment: string | undefined): Record<string, string> | null {
  return deployment === undefined ? null : { "twofold.stack": "shop/dev", "twofold.owner": deployment };
}

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
  const args = newcomer("shop-api", { image: "shop/api:1" });

  it("is there when nothing has its name", async () => {
    const engine = engineWith({});
    await makeRoom(engine, types.container, args);
    assert.deepEqual(engine.changes, []);
  });

  it("is made by removing what a killed run of this deployment left behind", async () => {
    const engine = engineWith({ container: { owner, status: "created" } });
    await makeRoom(engine, types.container, args);
    assert.deepEqual(engine.changes, ["remove 1234"]);
  });

  const taken: Record<string, { readonly owner?: string; readonly status: string }> = {
    "that runs, though it is this deployment's": { owner, status: "running" },
    "of another deployment": { owner: "77aa", status: "created" },
    "of nobody": { status: "created" },
  };
  for (const [name, container] of Object.entries(taken)) {
    it(`is not made by removing one ${name}`, async () => {
      const engine = engineWith({ container });
      await assert.rejects(
        makeRoom(engine, types.container, args),
        /container shop-api exists already, .*; give the target another prefix, or run docker rm -f shop-api/,
      );
      assert.deepEqual(engine.changes, []);
    });
  }
});

describe("room for a network", () => {
  const args = newcomer("shop-api.db", { ipamConfigs: [{ subnet: "10.200.0.8/29" }] });
  const make = (...networks: NonNullable<Existing["networks"]>) => {
    const engine = engineWith({ networks });
    return { engine, made: makeRoom(engine, types.network, args) };
  };

  it("is made by removing what a killed run of this deployment left behind", async () => {
    const { engine, made } = make({ name: "shop-api.db", owner, subnet: "10.200.0.8/29" });
    await made;
    assert.deepEqual(engine.changes, ["remove id-of-shop-api.db"]);
  });

  it("is not made by removing another deployment's", async () => {
    const { engine, made } = make({ name: "shop-api.db", owner: "77aa", subnet: "10.1.0.0/16" });
    await assert.rejects(
      made,
      /network shop-api\.db exists already, and belongs to another deployment of the stack shop\/dev;/,
    );
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
  const args = newcomer("shop-db.data");

  it("is there when there is none, or one of this deployment", async () => {
    await makeRoom(engineWith({}), types.volume, args);
    await makeRoom(engineWith({ volume: { owner } }), types.volume, args);
  });

  it("is there for a volume that is to be kept when an earlier deployment of the stack has kept it", async () => {
    await takeOver(engineWith({ volume: { owner: "77aa" } }), args);
    await assert.rejects(makeRoom(engineWith({ volume: { owner: "77aa" } }), types.volume, args), /exists already/);
    await assert.rejects(takeOver(engineWith({ volume: {} }), args), /exists already/);
  });

  it("is refused where the volume is somebody else's", async () => {
    const made = makeRoom(engineWith({ volume: {} }), types.volume, args);
    await assert.rejects(made, {
      message:
        "volume shop-db.data exists already, and belongs to nobody that is known here; give the target another prefix, or run docker volume rm shop-db.data",
    });
  });
});

describe("a second deployment under the same names", () => {
  const asked: unknown[] = [];
  const engine = (...deployments: readonly string[]) =>
    new FakeEngine({
      containers: async (filters) => {
        asked.push(filters);
        return deployments.map((id) => ({ Id: id, Names: [`/my-shop-${id}`], Labels: labelled(id) }));
      },
    });

  it("is refused before it makes anything, with the way out", async () => {
    await assert.rejects(refuseSecond(engine("77aa", "77aa"), "shop", "my-shop"), {
      message: [
        "shop is on this Docker Engine already, from another clone or state: 2 containers such as my-shop-77aa belong to another deployment of the stack shop/dev.",
        "  Take that down where it was made, or give this one names of its own (namePrefix). To remove it without its state:",
        "    docker rm -fv $(docker ps -aq --filter label=twofold.owner=77aa)",
        "    docker network rm $(docker network ls -q --filter label=twofold.owner=77aa)",
        "    docker volume rm $(docker volume ls -q --filter label=twofold.owner=77aa)",
      ].join("\n"),
    });
    assert.deepEqual(asked, [{ label: ["twofold.owner", "twofold.system=shop"], name: ["^/my-shop-"] }]);
  });

  it("is not seen where there is none", async () => {
    await refuseSecond(engine(), "shop", "my-shop");
  });
});

it("there is no room for what has no rule", async () => {
  await assert.rejects(makeRoom(engineWith({}), "docker:index/plugin:Plugin", newcomer("x")), /no rule for leftovers/);
});
