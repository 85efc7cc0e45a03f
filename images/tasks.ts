/** One piece of work that others may wait for. */
export interface Task {
  readonly id: string;
  /** Ids of tasks that come earlier in the list; an id that is not in the list counts as done. */
  readonly needs: readonly string[];
  readonly run: () => Promise<void>;
}

/**
 * Runs tasks, at most `width` at a time, each after what it needs. What needs a failed task is left out; the rest still
 * runs, so that one report holds every failure. Gives the failures in the order in which they came.
 */
export async function runTasks(tasks: readonly Task[], width: number): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const outcomes = new Map<string, Promise<boolean>>();
  const slots = createSlots(width);

  const attempt = async (task: Task): Promise<boolean> => {
    const needed = await Promise.all(task.needs.map((id) => outcomes.get(id) ?? Promise.resolve(true)));
    if (needed.includes(false)) return false;
    await slots.take();
    try {
      await task.run();
      return true;
    } catch (error) {
      failures.push(error);
      return false;
    } finally {
      slots.give();
    }
  };
  for (const task of tasks) outcomes.set(task.id, attempt(task));
  await Promise.all(outcomes.values());
  return failures;
}

function createSlots(count: number): { take(): Promise<void>; give(): void } {
  const queue: (() => void)[] = [];
  let free = count;
  return {
    take: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
    },
    give: () => {
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
