import { setTimeout as sleep } from "node:timers/promises";

/** Repeats a check until it passes; when the time is over, its last failure is thrown. */
export async function eventually<Result>(check: () => Promise<Result>, seconds: number): Promise<Result> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(200);
  }
}
