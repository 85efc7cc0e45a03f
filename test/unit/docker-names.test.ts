import assert from "node:assert/strict";
import { containerName } from "../../components/targets/docker/names";

describe("names of Docker objects", () => {
  it("give replicas a number after a dot, and a single container none", () => {
    assert.equal(containerName("shop", "api", 1, 1), "shop-api");
    assert.equal(containerName("shop", "api", 2, 3), "shop-api.2");
  });
});
