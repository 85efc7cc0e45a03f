import assert from "node:assert/strict";
import { sourceOf } from "../../systems/images";

describe("where a stack's images come from", () => {
  it("is this machine for the node of make cluster, which reaches no other registry", async () => {
    const { source } = await sourceOf({ target: "kubernetes", imageSource: undefined, kubeContext: undefined });
    assert.equal(source, "local");
  });

  it("is what the configuration says, wherever the stack runs", async () => {
    for (const target of ["docker", "kubernetes"] as const) {
      const { source } = await sourceOf({ target, imageSource: "upstream", kubeContext: undefined });
      assert.equal(source, "upstream");
    }
  });
});
