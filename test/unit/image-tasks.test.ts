import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { runTasks } from "../../images/tasks";

describe("tasks with needs", () => {
  const record = () => {
    const log: string[] = [];
    let running = 0;
    let most = 0;
    const task = (id: string, needs: string[] = [], fails = false) => ({
      id,
      needs,
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await wait(5);
        running -= 1;
        log.push(id);
        if (fails) throw new Error(id);
      },
    });
    return { log, task, most: () => most };
  };

  it("run after what they need, and never more at once than allowed", async () => {
    const { log, task, most } = record();
    const list = [
      task("base"),
      task("a", ["base"]),
      task("b", ["base"]),
      task("c", ["base"]),
      task("d", ["a", "elsewhere"]),
    ];
    assert.deepEqual(await runTasks(list, 2), []);
    assert.equal(most(), 2);
    assert.equal(log[0], "base");
    assert.deepEqual([...log].sort(), ["a", "b", "base", "c", "d"]);
    assert.ok(log.indexOf("a") < log.indexOf("d"));
  });

  it("are left out when what they need failed, while the others still run", async () => {
    const { log, task } = record();
    const failures = await runTasks([task("a", [], true), task("b", ["a"]), task("c", ["b"]), task("d")], 1);
    assert.deepEqual(failures.map(String), ["Error: a"]);
    assert.deepEqual(log, ["a", "d"]);
  });
});
