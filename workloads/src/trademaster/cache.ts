import { createHash } from "node:crypto";
import type { Redis } from "../platform/redis.ts";

const prefix = "tm";

/** Where the result of a function for its arguments is kept. */
export function keyOf(name: string, ...args: readonly unknown[]): string {
  return `${prefix}:${name}:${createHash("md5").update(JSON.stringify(args)).digest("hex")}`;
}

export interface Cache {
  /** The result that is kept, or else a new one, which is kept then. Without Redis every result is new. */
  through<Result>(key: string, make: () => Promise<Result>): Promise<Result>;
  /** Has the next one made anew. */
  forget(key: string): Promise<void>;
}

export function createCache(redis: Pick<Redis, "get" | "set" | "del">, ttlSeconds: number): Cache {
  return {
    async through<Result>(key: string, make: () => Promise<Result>) {
      const kept = await redis.get(key).catch(() => null);
      if (kept !== null) {
        return JSON.parse(kept) as Result;
      }
      const result = await make();
      await redis.set(key, JSON.stringify(result), "EX", ttlSeconds).catch(() => undefined);
      return result;
    },
    async forget(key) {
      await redis.del(key);
    },
  };
}
