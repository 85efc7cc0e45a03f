import assert from "node:assert/strict";
import type { Collected } from "../../report/events";
import { type Item, previewEvents } from "../support/engine-events";
import { itemsOf, previewOf, stackOf } from "../support/previews";
import { shop } from "../support/shop";

describe("what services ask for", () => {
  it("is said of those alone of which it changes, for all copies together", () => {
    const web = { replicas: 2, resources: { cpuMillis: { request: 250 }, memoryMiB: { request: 64, limit: 128 } } };
    assert.deepEqual(stackOf(previewOf(shop(), shop({ web }))).resources, [
      {
        ...{ system: "shop", service: "web" },
        old: { replicas: [1, 1], cpuMillis: [100, 100], memoryMiB: [128, 128], storageMiB: 0 },
        new: { replicas: [2, 2], cpuMillis: [500, 500], memoryMiB: [128, 128], storageMiB: 0 },
      },
    ]);
  });

  it("has least and most where an autoscaler decides", () => {
    const web = { autoscale: { min: 2, max: 6, cpuPercent: 70 } };
    const [delta] = stackOf(previewOf(shop(), shop({ web }), "kubernetes")).resources;
    assert.deepEqual(
      [delta?.new?.replicas, delta?.new?.cpuMillis],
      [
        [2, 6],
        [200, 600],
      ],
    );
  });

  it("counts storage once for each copy", () => {
    const db = {
      kind: "stateful",
      image: "a:1",
      replicas: 3,
      volumes: { data: { path: "/data", sizeMiB: 100 } },
    } as const;
    const [delta] = stackOf(previewOf(undefined, (system) => void system.service("db", db), "kubernetes")).resources;
    assert.equal(delta?.new?.storageMiB, 300);
  });

  it("has one side alone of what comes and of what goes", () => {
    const [first] = stackOf(previewOf(undefined, shop())).resources;
    const [last] = stackOf(previewOf(shop(), undefined)).resources;
    assert.deepEqual([first?.old, last?.new], [undefined, undefined]);
    assert.deepEqual(first?.new, last?.old);
  });
});

describe("parity", () => {
  const parity = (preview: Collected) => {
    const { added, gone, total } = stackOf(preview).parity;
    const names = (gaps: typeof added) => gaps.map(({ service, feature, level }) => `${service} ${feature} ${level}`);
    return { added: names(added), gone: names(gone), total };
  };

  it("tells gaps that are new from those that were there and those that went", () => {
    const { added, gone, total } = parity(
      previewOf(shop(), shop({ data: false, web: { update: { pauseSeconds: 1 } } })),
    );
    assert.deepEqual([added, gone], [["web update unsupported"], ["db volumes.sizeMiB unsupported"]]);
    assert.equal(total, 3);
  });

  it("has nothing new in a first deployment, whatever gaps there are", () => {
    const { added, total } = parity(previewOf(undefined, shop()));
    assert.deepEqual(added, []);
    assert.ok(total > 0);
  });

  it("counts a service that cannot be deployed any more", () => {
    const items = (omitted: object): readonly Item[] =>
      itemsOf(shop(), "docker").map((item) =>
        item.type === "twofold:index:System" ? { ...item, outputs: { ...item.outputs, omitted } } : item,
      );
    const events = previewEvents(items({}), items({ web: "there is no image" }));
    assert.deepEqual(parity({ stack: "dev", events }).added, ["web the whole service omitted"]);
  });

  it("and what services ask for are not compared with what a failed program has not said", () => {
    const silent = itemsOf(shop(), "docker").map((item) => (item.component === true ? { ...item, outputs: {} } : item));
    for (const [before, after] of [
      [itemsOf(shop(), "docker"), silent],
      [silent, itemsOf(shop(), "docker")],
    ] as const) {
      const { parity: compared, resources } = stackOf({ stack: "dev", events: previewEvents(before, after) });
      assert.deepEqual([compared.added, compared.gone, resources], [[], [], []]);
    }
  });

  it("is that of a service on its own, too", () => {
    const service = (...gaps: readonly object[]): Item => ({
      ...{ type: "twofold:index:Service", name: "api", component: true, inputs: {} },
      outputs: { target: "docker", gaps, omitted: {}, outline: {} },
    });
    const gap = { service: "api", feature: "update", level: "unsupported", because: "…" };
    const preview = { stack: "dev", events: previewEvents([service()], [service(gap)]) };
    assert.deepEqual(parity(preview).added, ["api update unsupported"]);
    assert.equal(stackOf(preview).target, "docker");
  });
});
