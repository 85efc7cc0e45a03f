import type { LockStore } from "./leader-lock.ts";
import type { Redis } from "./redis.ts";

// Both must look and act in one step, or a lock that ran out in between would be taken from its new owner.
const holdScript = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** A lock in Redis: a key that holds its owner's name and expires. */
export function createRedisLockStore(redis: Redis): LockStore {
  return {
    async hold(key, owner, ttlMs) {
      return (await redis.eval(holdScript, 1, key, owner, ttlMs)) === 1;
    },
    async release(key, owner) {
      await redis.eval(releaseScript, 1, key, owner);
    },
  };
}
