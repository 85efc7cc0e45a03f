import { mock } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

const stepMilliseconds = 50;

/** Does some work for which time passes as fast as nothing else is to be done: what sleeps for a minute takes a moment. */
export async function inVirtualTime<Result>(work: () => Promise<Result>): Promise<Result> {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  try {
    let isOver = false;
    const result = work().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await turn();
      mock.timers.tick(stepMilliseconds);
    }
    return await result;
  } finally {
    mock.timers.reset();
  }
}
