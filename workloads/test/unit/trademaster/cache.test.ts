import assert from "node:assert/strict";
import { createCache, keyOf } from "../../../src/trademaster/cache.ts";

/** As much of Redis as a cache needs. */
class FakeRedis {
  readonly kept = new Map<string, string>();
  ttl: number | undefined;
  isAway = false;

  async get(key: string): Promise<string | null> {
    if (this.isAway) throw new Error("away");
    return this.kept.get(key) ?? null;
  }

  async set(key: string, value: string, _unit: string, ttl: number): Promise<"OK"> {
    if (this.isAway) throw new Error("away");
    this.kept.set(key, value);
    this.ttl = ttl;
    return "OK";
  }

  async del(key: string): Promise<number> {
    return this.kept.delete(key) ? 1 : 0;
  }
}

describe("cache of TradeMaster", () => {
  const setUp = () => {
    const redis = new FakeRedis();
    let made = 0;
    const cache = createCache(redis as never, 3_600);
    return { redis, cache, look: () => cache.through("tm:n:1", async () => (made += 1)) };
  };

  it("has a key for each function and its arguments", () => {
    assert.match(keyOf("positions"), /^tm:positions:[0-9a-f]{32}$/);
    assert.notEqual(keyOf("trades", 1), keyOf("trades", 2));
    assert.notEqual(keyOf("trades", 1), keyOf("trades", "1"));
    assert.equal(keyOf("trades", 1, ["a"]), keyOf("trades", 1, ["a"]));
  });

  it("makes a result once, keeps it for its time, and anew when it is forgotten", async () => {
    const { redis, cache, look } = setUp();
    assert.deepEqual([await look(), await look(), redis.ttl], [1, 1, 3_600]);
    await cache.forget("tm:n:1");
    assert.equal(await look(), 2);
  });

  it("makes every result anew while Redis is away", async () => {
    const { redis, look } = setUp();
    redis.isAway = true;
    assert.deepEqual([await look(), await look()], [1, 2]);
  });
});
