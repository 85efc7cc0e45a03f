import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { alwaysLeader, createLeaderLock, type LeaderLock, type LockStore } from "../../src/platform/leader-lock.ts";

/** A store as Redis is one, with a clock and a cable that can be pulled. */
function createStore() {
  let holder: { owner: string; until: number } | undefined;
  const store = {
    silent: false,
    holder: () => (holder !== undefined && performance.now() < holder.until ? holder.owner : undefined),
    async hold(_key: string, owner: string, ttlMs: number) {
      await ask();
      const current = store.holder();
      if (current !== undefined && current !== owner) {
        return false;
      }
      holder = { owner, until: performance.now() + ttlMs };
      return true;
    },
    async release(_key: string, owner: string) {
      await ask();
      if (store.holder() === owner) {
        holder = undefined;
      }
    },
    steal(owner: string) {
      holder = { owner, until: Number.POSITIVE_INFINITY };
    },
  };
  const ask = async () => {
    await delay(1);
    if (store.silent) {
      throw new Error("silence");
    }
  };
  return store satisfies LockStore;
}

const ttlMs = 450;

function candidate(store: LockStore, owner: string): { lock: LeaderLock; stop(): Promise<void> } {
  const stop = new AbortController();
  const lock = createLeaderLock(store, { key: "lock", owner, ttlMs, signal: stop.signal });
  const running = lock.run();
  return {
    lock,
    stop: () => {
      stop.abort();
      return running;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `never came true: ${condition}`);
    await delay(2);
  }
}

describe("leader lock", () => {
  it("has one leader, who stays it by renewing, and the other follows a release", async () => {
    const store = createStore();
    const one = candidate(store, "one");
    await until(one.lock.isLeader);
    const two = candidate(store, "two");
    for (const start = performance.now(); performance.now() < start + 2 * ttlMs; await delay(5)) {
      assert.deepEqual([one.lock.isLeader(), two.lock.isLeader()], [true, false]);
    }
    await one.stop();
    assert.equal(one.lock.isLeader(), false);
    await until(two.lock.isLeader);
    await two.stop();
    assert.equal(store.holder(), undefined);
  });

  it("stops leading before its time in the store is over when the store falls silent", async () => {
    const store = createStore();
    const one = candidate(store, "one");
    await until(one.lock.isLeader);
    store.silent = true;
    await until(() => {
      // Whoever reads the two in this order never sees a leader whose lock is already free.
      const isLeader = one.lock.isLeader();
      assert.ok(!isLeader || store.holder() === "one");
      return !isLeader;
    });
    store.silent = false;
    await until(one.lock.isLeader);
    await one.stop();
  });

  it("stops leading at once when the store says that another does, and leaves the other's lock alone", async () => {
    const store = createStore();
    const one = candidate(store, "one");
    await until(one.lock.isLeader);
    store.steal("two");
    await until(() => !one.lock.isLeader());
    await one.stop();
    assert.equal(store.holder(), "two");
  });

  it("gives up in silence when the store is away at the stop", async () => {
    const store = createStore();
    const one = candidate(store, "one");
    await until(one.lock.isLeader);
    store.silent = true;
    await one.stop();
    assert.equal(one.lock.isLeader(), false);
  });

  it("is always won by a bot that is alone", async () => {
    await alwaysLeader.run();
    assert.equal(alwaysLeader.isLeader(), true);
  });
});
