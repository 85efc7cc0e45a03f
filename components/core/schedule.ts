interface Field {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Words for the numbers from `minimum` on. */
  readonly words?: readonly string[];
}

const fields: readonly Field[] = [
  { name: "minute", minimum: 0, maximum: 59 },
  { name: "hour", minimum: 0, maximum: 23 },
  { name: "day of the month", minimum: 1, maximum: 31 },
  {
    name: "month",
    minimum: 1,
    maximum: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of the week", minimum: 0, maximum: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/**
 * What is wrong with a cron schedule, or nothing. It takes what every scheduler understands alike: lists, ranges, steps
 * of `*` or of a range, and names; no seconds, no 7 for Sunday, no L, W, # or @daily, on which schedulers differ.
 */
export function scheduleProblem(schedule: string): string | undefined {
  const given = schedule.trim().split(/\s+/);
  if (given.length !== fields.length) return "use five fields: minute, hour, day of the month, month, day of the week";
  const wrong = fields.filter((field, index) => !(given[index] ?? "").split(",").every((item) => fits(item, field)));
  if (wrong.length === 0) return undefined;
  return `correct ${wrong.map(({ name, minimum, maximum }) => `the ${name} (${minimum} to ${maximum})`).join(" and ")}`;
}

function fits(item: string, field: Field): boolean {
  const match = /^(?:\*|(?<from>\w+)(?:-(?<to>\w+))?)(?:\/(?<step>[1-9]\d?))?$/.exec(item);
  if (match === null) return false;
  const { from, to, step } = match.groups ?? {};
  if (from === undefined) return true;
  if (to === undefined) return step === undefined && numberOf(from, field) !== undefined;
  const [first, last] = [numberOf(from, field), numberOf(to, field)];
  return first !== undefined && last !== undefined && first <= last;
}

function numberOf(word: string, { minimum, maximum, words = [] }: Field): number | undefined {
  const index = words.indexOf(word.toLowerCase());
  if (index >= 0) return minimum + index;
  const number = /^\d{1,2}$/.test(word) ? Number(word) : undefined;
  return number !== undefined && number >= minimum && number <= maximum ? number : undefined;
}
