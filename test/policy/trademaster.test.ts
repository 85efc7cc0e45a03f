import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { unknowinglyIn } from "./support/found";

const found = (config: object) => unknowinglyIn("trademaster", config);

describe("trademaster under the rules", () => {
  before(() => void mock.method(pulumi.log, "warn", () => Promise.resolve()));
  after(() => mock.restoreAll());

  const own = { environment: "development", hostAgents: false };
  for (const [name, config] of Object.entries({
    "development on Docker": { tradeMaster: own },
    "staging on Docker": { tradeMaster: { ...own, environment: "staging" } },
    "production on Kubernetes": { target: "kubernetes", profile: "full", tradeMaster: { hostAgents: false } },
  })) {
    it(`goes against none in ${name} but those that every system does, without exemptions [S2-37, S2-38]`, async () => {
      assert.deepEqual(await found(config), []);
    });
  }

  it("is refused pools that ask for more connections than PostgreSQL has: twenty each [S2-32]", async () => {
    const tradeMaster = { hostAgents: false, connectionsEach: 20 };
    assert.deepEqual(await found({ target: "kubernetes", profile: "full", tradeMaster }), [
      "connection-budget trademaster-postgres: trademaster-postgres may be asked for 320 connections (api 3 × 20, web 10 × 20, worker 3 × 20), and takes 197",
    ]);
  });

  it("goes against rules by the agents alone that look at the machine [S2-39]", async () => {
    const agents = await found({ tradeMaster: { environment: "development" } });
    assert.ok(agents.length > 0);
    for (const line of agents) assert.match(line, /^[a-z-]+ trademaster-(cadvisor|node-exporter):/);
    assert.deepEqual(
      agents.filter((line) => /privileged|capabilit/.test(line)),
      [],
    );
  });
});
