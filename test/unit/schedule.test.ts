import assert from "node:assert/strict";
import { scheduleProblem } from "../../components/core/schedule";

const fiveFields = "use five fields: minute, hour, day of the month, month, day of the week";

describe("scheduleProblem", () => {
  for (const schedule of [
    "* * * * *",
    "0 3 * * *",
    "*/5 * * * *",
    "0,15,30,45 8-18/2 1,15 * mon-fri",
    "59 23 31 12 6",
    "0 0 1 JAN sun",
    "  0   3 * * *  ",
  ])
    it(`takes ${JSON.stringify(schedule)}`, () => {
      assert.equal(scheduleProblem(schedule), undefined);
    });

  for (const [schedule, remedy] of [
    ["", fiveFields],
    ["0 3 * *", fiveFields],
    ["0 0 3 * * *", fiveFields],
    ["@daily", fiveFields],
    ["60 * * * *", "correct the minute (0 to 59)"],
    ["0 24 * * *", "correct the hour (0 to 23)"],
    ["0 0 0 * *", "correct the day of the month (1 to 31)"],
    ["0 0 L * *", "correct the day of the month (1 to 31)"],
    ["0 0 * 13 *", "correct the month (1 to 12)"],
    ["0 0 * * 7", "correct the day of the week (0 to 6)"],
    ["0 0 * * mon#1", "correct the day of the week (0 to 6)"],
    ["0 0 * * fri-mon", "correct the day of the week (0 to 6)"],
    ["5/10 * * * *", "correct the minute (0 to 59)"],
    ["*/0 * * * *", "correct the minute (0 to 59)"],
    ["1,,2 * * * *", "correct the minute (0 to 59)"],
    ["-1 * * * *", "correct the minute (0 to 59)"],
    ["a 25 * * *", "correct the minute (0 to 59) and the hour (0 to 23)"],
  ] as const)
    it(`refuses ${JSON.stringify(schedule)}`, () => {
      assert.equal(scheduleProblem(schedule), remedy);
    });
});
