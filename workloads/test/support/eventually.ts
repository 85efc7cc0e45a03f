import { setTimeout as delay } from "node:timers/promises";

/** Asks until the check throws no more; at the deadline its last complaint is the failure. */
export async function eventually<Result>(check: () => Promise<Result>, withinMs = 15_000): Promise<Result> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
    }
    await delay(50);
  }
}
