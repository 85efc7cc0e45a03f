import assert from "node:assert/strict";
import { reportOf } from "../../report/report";
import type { StackReport } from "../../report/schema";
import { readSettings } from "../../report/settings";
import { type Item, previewEvents, urnOf } from "../support/engine-events";
import { previewOf, run, stackOf } from "../support/previews";
import { shop } from "../support/shop";

const container = { type: "docker:index/container:Container", name: "shop-api" };

const changed = (before: readonly Item[], after: readonly Item[]): StackReport =>
  stackOf({ stack: "dev", events: previewEvents(before, after) });

/** A preview with one resource and the operations that the engine names for it. */
function steps(...ops: readonly string[]): StackReport {
  const state = {
    ...{ type: container.type, urn: urnOf(container), parent: "" },
    custom: true,
    inputs: {},
    outputs: {},
  };
  const events = ops.map((op) => ({
    resourcePreEvent: { metadata: { op, urn: urnOf(container), type: container.type, old: state, new: state } },
  }));
  return stackOf({ stack: "dev", events });
}

describe("what happens to a resource", () => {
  const operations: readonly (readonly [readonly string[], keyof StackReport["counts"]])[] = [
    [["create"], "create"],
    [["update"], "update"],
    [["delete"], "delete"],
    [["same"], "same"],
    [["read"], "same"],
    [["refresh", "update"], "update"],
    [["import"], "import"],
    [["delete-replaced", "replace", "create-replacement"], "replace"],
    [["create-replacement", "replace", "delete-replaced"], "replace"],
    [["same", "delete-replaced"], "delete"],
  ];
  for (const [ops, kind] of operations)
    it(`is ${kind} for ${ops.join(", ")}`, () => {
      assert.equal(steps(...ops).counts[kind], 1);
    });

  it("does not count the providers that the engine makes by itself, as the engine does not", () => {
    const provider = { type: "pulumi:providers:docker", name: "default_5_2_0", inputs: {} };
    const own = { type: "pulumi:providers:docker", name: "shop-engine", inputs: {} };
    const { counts, changes } = changed([], [provider, own]);
    // the other one is the stack
    assert.equal(counts.create, 2);
    assert.deepEqual(
      changes.map(({ name }) => name),
      ["shop-engine"],
    );
  });

  it("counts components like Pulumi, and lists what is real alone", () => {
    const { counts, changes } = stackOf(previewOf(undefined, shop()));
    assert.equal(counts.create, 1 + 3 + 4);
    assert.deepEqual(changes.map(({ type }) => type.split(":").at(-1)).sort(), [
      "Container",
      "Container",
      "Network",
      "Volume",
    ]);
  });

  it("says of each service how many there are, and of what belongs to all of them", () => {
    const { places } = stackOf(previewOf(shop(), shop({ data: false })));
    const counted = places.map(({ system = "-", service = "-", counts }) => [
      system,
      service,
      counts.replace,
      counts.delete,
    ]);
    assert.deepEqual(counted, [
      ["-", "-", 0, 0],
      ["shop", "-", 0, 0],
      ["shop", "db", 1, 1],
      ["shop", "web", 0, 0],
    ]);
  });
});

describe("why something happens", () => {
  const causes = (before: Item["inputs"], after: Item["inputs"]) =>
    changed([{ ...container, inputs: before }], [{ ...container, inputs: after }]).changes[0]?.causes;

  it("is each property with its values, those first for which it is replaced", () => {
    assert.deepEqual(causes({ image: "a:1", ports: [{ external: 80 }] }, { image: "a:2", ports: [{ external: 81 }] }), [
      { path: "image", change: "update", replaces: true, old: "a:1", new: "a:2" },
      { path: "ports[0].external", change: "update", replaces: true, old: "80", new: "81" },
    ]);
  });

  it("has no old value for what is added, and no new one for what is deleted", () => {
    assert.deepEqual(causes({ a: "1" }, { b: "2" }), [
      { path: "a", change: "delete", replaces: true, old: "1" },
      { path: "b", change: "add", replaces: true, new: "2" },
    ]);
  });

  it("does not repeat lists, objects and long texts", () => {
    assert.deepEqual(causes({ a: ["x"], b: "one", c: 1 }, { a: "known", b: "one\ntwo\nthree\n", c: { d: 1 } }), [
      { path: "a", change: "update", replaces: true, new: "known" },
      { path: "b", change: "update", replaces: true, old: "one", new: "text of 3 lines" },
      { path: "c", change: "update", replaces: true, old: "1" },
    ]);
  });

  it("finds properties whose names have dots, and says of a value when it will be known", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(causes({ labels: { "a.b/c": "1" } }, { labels: { "a.b/c": unknown } }), [
      { path: 'labels["a.b/c"]', change: "update", replaces: true, old: "1", new: "known after the deployment" },
    ]);
  });

  it("is the engine's list of properties where there are no details", () => {
    const metadata = {
      ...{ op: "replace", urn: urnOf(container), type: container.type, keys: ["image"], diffs: ["image", "init"] },
      ...{ old: null, detailedDiff: null },
      new: { type: container.type, urn: urnOf(container), custom: true, inputs: { image: "a:2" }, outputs: {} },
    };
    const { changes } = stackOf({ stack: "dev", events: [{ resourcePreEvent: { metadata } }] });
    assert.deepEqual(changes[0]?.causes, [
      { path: "image", change: "update", replaces: true, new: "a:2" },
      { path: "init", change: "update", replaces: false },
    ]);
  });

  it("is what a resource depends on, when the engine names no property", () => {
    assert.equal(steps("replace").changes[0]?.because, "what it depends on is replaced");
  });

  const removals: Readonly<Record<string, readonly [Parameters<typeof previewOf>[1], string]>> = {
    "the system": [undefined, "the system shop is no longer described"],
    "the service": [
      (system) => void system.service("web", { image: "shop/web:1" }),
      "the service db is no longer described",
    ],
    "the volume": [shop({ data: false }), "volumes.data of db is no longer described"],
  };
  for (const [what, [after, because]] of Object.entries(removals))
    it(`is that ${what} is no longer described, for a volume that is deleted`, () => {
      const { changes } = stackOf(previewOf(shop(), after));
      assert.equal(changes.find(({ name }) => name === "shop-db.data")?.because, because);
    });

  it("is the program, for what no component has", () => {
    const { changes } = changed(
      [
        { ...container, inputs: {} },
        { type: "a:b:C", name: "c", inputs: {} },
      ],
      [{ ...container, inputs: {} }],
    );
    assert.equal(changes[0]?.because, "it is no longer in the program");
  });
});

describe("data at risk", () => {
  const risks = (target: "docker" | "kubernetes", before = shop(), after = shop({ data: false })) =>
    stackOf(previewOf(before, after, target)).data.map(({ name, kind, loss }) => [name, kind, loss]);

  it("is lost with a volume of Docker and with a claim of Kubernetes", () => {
    assert.deepEqual(risks("docker"), [["shop-db.data", "delete", "lost"]]);
    assert.deepEqual(risks("kubernetes"), [["shop-volume-data-db-0", "delete", "lost"]]);
  });

  it("is not at risk with a container, however it is replaced", () => {
    assert.deepEqual(risks("docker", shop(), shop({ webImage: "shop/web:2" })), []);
  });

  it("stays where the volume outlives its resource", () => {
    const keeping = (system: Parameters<ReturnType<typeof shop>>[0]) =>
      void system.service("db", { image: "a:1", volumes: { data: { path: "/data", keep: true } } });
    assert.deepEqual(
      risks("docker", keeping, (system) => void system.service("db", { image: "a:1" })),
      [["shop-db.data", "delete", "stays"]],
    );
  });

  it("is lost with a namespace that claims are in, whatever becomes of the claims", () => {
    const namespace = { type: "kubernetes:core/v1:Namespace", name: "shop", replaces: true };
    const claim: Item = {
      ...{ type: "kubernetes:core/v1:PersistentVolumeClaim", name: "shop-data" },
      inputs: { metadata: { name: "data", namespace: "shop" } },
    };
    const inputs = (label: string) => ({ metadata: { name: "shop", labels: { a: label } } });
    const { data } = changed(
      [{ ...namespace, inputs: inputs("1") }, claim],
      [{ ...namespace, inputs: inputs("2") }, claim],
    );
    assert.deepEqual(
      data.map(({ name, kind, because }) => [name, kind, because]),
      [["shop", "replace", "metadata.labels.a"]],
    );
  });

  it("is approved by stack and name alone, with a reason", () => {
    const approved = [{ stack: "dev", resource: "shop-db.data", because: "moved to the other server" }];
    const preview = previewOf(shop(), shop({ data: false }));
    const report = (stack: string) =>
      reportOf([{ ...preview, stack }], { ...run, settings: readSettings({ approved }) });
    assert.equal(report("dev").stacks[0]?.data[0]?.approved, "moved to the other server");
    assert.equal(report("dev").verdict, "passed");
    assert.equal(report("prod").verdict, "blocked");
  });
});
