import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { checkHealth } from "../../src/platform/health.ts";

const good = { name: "redis", check: () => Promise.resolve() };
const never = (name: string) => ({ name, check: () => new Promise<void>(() => {}) });

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
    const began = performance.now();
    const slow = { name: "slow", check: () => delay(40).then(() => undefined) };
    const report = await checkHealth([never("postgres"), never("redis"), slow], 60);
    const took = performance.now() - began;
    assert.ok(took >= 55 && took < 110, `took ${took} ms`);
    assert.deepEqual(report.dependencies["postgres"], { status: "unhealthy", reason: "no answer within 60 ms" });
    assert.deepEqual(report.dependencies["redis"], { status: "unhealthy", reason: "no answer within 60 ms" });
    assert.equal(report.dependencies["slow"]?.status, "healthy");
  });
});
