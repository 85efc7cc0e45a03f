import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { unknowinglyIn } from "./support/found";

describe("marketprism under the rules", () => {
  before(() => void mock.method(pulumi.log, "warn", () => Promise.resolve()));
  after(() => mock.restoreAll());

  for (const [name, config] of Object.entries({
    "development on Docker": { marketPrism: { environment: "development" } },
    "production on Kubernetes": { target: "kubernetes", profile: "full" },
  } as const)) {
    it(`goes against none in ${name} but those that every system does, without exemptions`, async () => {
      assert.deepEqual(await unknowinglyIn("marketprism", config), []);
    });
  }
});
