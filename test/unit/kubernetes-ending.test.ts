import assert from "node:assert/strict";
import { awaitEnd } from "../../components/targets/kubernetes/ending";
import { fakeCluster, metadataOf } from "../support/fake-cluster";

const deletionTimestamp = "2026-01-01T00:00:00Z";

describe("what is about to end", () => {
  it("is waited for, be it a namespace or a definition", async () => {
    let looks = 0;
    const look = (name: string) => (++looks % 3 === 0 ? [] : [metadataOf({ name, deletionTimestamp })]);
    const ending = fakeCluster({
      namespace: async (name) => look(name)[0],
      objects: async () => look("shops.example.com"),
    });
    await awaitEnd(ending, "namespace", ["shop"]);
    assert.equal(looks, 3);
    await awaitEnd(ending, "customresourcedefinition", ["shops.example.com"]);
    assert.equal(looks, 6);
  });

  it("is not waited for when it stays, or is somebody else's", async () => {
    const there = fakeCluster({
      namespace: async (name) => metadataOf({ name }),
      objects: async () => [metadataOf({ name: "others.example.com", deletionTimestamp })],
    });
    await awaitEnd(there, "namespace", ["shop"]);
    await awaitEnd(there, "customresourcedefinition", ["shops.example.com"]);
  });
});
