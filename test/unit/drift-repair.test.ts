import assert from "node:assert/strict";
import type { Finding } from "../../drift/finding";
import { pendingIn, shortName } from "../../drift/pending";
import { repairOf } from "../../drift/repair";

const urn = (type: string, name: string) => `urn:pulumi:dev::twofold::twofold:index:System$${type}::${name}`;
const container = urn("docker:index/container:Container", "shop-api");
const volume = urn("docker:index/volume:Volume", "shop-data");
const deployment = urn("kubernetes:apps/v1:Deployment", "shop-api");

describe("the repair of what was changed by hand", () => {
  const change = (path: string) => [{ path, made: "1", found: "2" }];
  const cases: readonly [string, Finding, readonly string[], readonly string[]][] = [
    ["refreshes what is missing", { urn: container, what: "", is: "missing", differences: [] }, [container], []],
    ["refreshes what was replaced", { urn: container, what: "", is: "replaced", differences: [] }, [container], []],
    [
      "makes a container anew",
      { urn: container, what: "", is: "changed", differences: change("memory") },
      [],
      [container],
    ],
    [
      "leaves it to any up to start one",
      { urn: container, what: "", is: "changed", differences: change("status") },
      [],
      [],
    ],
    [
      "refreshes an object of a cluster",
      { urn: deployment, what: "", is: "changed", differences: change("spec.replicas") },
      [deployment],
      [],
    ],
    ["keeps a volume with its data", { urn: volume, what: "", is: "changed", differences: change("labels.a") }, [], []],
  ];
  for (const [name, finding, refresh, replace] of cases)
    it(name, () => assert.deepEqual(repairOf([finding]), { refresh, replace }));
});

describe("what the next up would do", () => {
  it("is each step that changes something, once", () => {
    const steps = [
      { op: "same", urn: volume },
      { op: "replace", urn: container },
      { op: "create-replacement", urn: container },
      { op: "delete-replaced", urn: container },
      { op: "update", urn: deployment },
    ];
    assert.deepEqual(pendingIn(JSON.stringify({ steps })), [
      { op: "replace", urn: container },
      { op: "update", urn: deployment },
    ]);
  });

  it("names a resource by its own type and name", () => {
    assert.equal(shortName(container), "docker:index/container:Container shop-api");
  });
});
