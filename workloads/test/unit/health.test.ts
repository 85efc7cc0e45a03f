import assert from "node:assert/strict";
import { checkHealth } from "../../src/platform/health.ts";

const good = { name: "redis", check: () => Promise.resolve() };

describe("health", () => {
  it("is healthy when all that is used is, and names what is not used", async () => {
    const { status, dependencies } = await checkHealth([good]);
    assert.equal(status, "healthy");
    assert.deepEqual(Object.keys(dependencies).sort(), ["postgres", "redis"]);
    assert.equal(dependencies["redis"]?.status, "healthy");
    assert.deepEqual(dependencies["postgres"], { status: "unknown", reason: "not used by this role" });
  });

  it("is unhealthy with the reason when one is not, also when the error has no message", async () => {
    const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    const report = await checkHealth([good, { name: "postgres", check: () => Promise.reject(refused) }]);
    assert.equal(report.status, "unhealthy");
    assert.deepEqual(report.dependencies["postgres"], { status: "unhealthy", reason: "ECONNREFUSED" });
    assert.equal(report.dependencies["redis"]?.status, "healthy");
  });

  it("asks all at the same time and waits for each no longer than allowed", async () => {
    let asked = 0;
    const silent = (name: string) => ({
      name,
      check: () => {
        asked += 1;
        return new Promise<void>(() => {});
      },
    });
    const began = performance.now();
    const pending = checkHealth([silent("postgres"), good, silent("redis")], 60);
    assert.equal(asked, 2, "the second is asked before the first has answered");
    const { dependencies } = await pending;
    assert.ok(performance.now() - began >= 55);
    assert.deepEqual(dependencies["postgres"], { status: "unhealthy", reason: "no answer within 60 ms" });
    assert.deepEqual(dependencies["redis"], { status: "unhealthy", reason: "no answer within 60 ms" });
  });
});
