import assert from "node:assert/strict";
import { z } from "zod";
import { confidential, parse } from "../../components/core/issues";
import { Problems } from "../../components/core/problems";

/** The problems of parsing an input at `x`, as lines. */
function problems(schema: z.ZodType, input: unknown): readonly string[] {
  const found = new Problems();
  const parsed = parse(schema, input, "x", found);
  assert.equal(parsed === undefined, found.all.length > 0);
  return found.all.map(({ path, given, remedy }) => `${path}: ${given}; ${remedy}`);
}

describe("parse", () => {
  const leaf = z.strictObject({ colour: z.string() });
  const form = z.union([
    z.strictObject({ http: z.strictObject({ path: z.string() }), period: z.int().default(1) }),
    z.strictObject({ exec: z.array(z.string()).min(1), period: z.int().default(1) }),
  ]);

  const table: readonly (readonly [string, z.ZodType, unknown, ...string[]])[] = [
    ["a missing value", z.string(), undefined, "x: is missing; give a string"],
    ["null", z.string(), null, "x: is null; use a string"],
    ["another type", z.boolean(), "yes", 'x: is "yes"; use true or false'],
    ["a list for an object", leaf, [], "x: is an empty list; use an object"],
    ["an object for a list", z.array(z.string()), {}, "x: is an object; use a list"],
    ["a fraction", z.int(), 1.5, "x: is 1.5; use a whole number"],
    ["no number at all", z.number(), Number.NaN, "x: is NaN; use a number"],
    ["a type without a name of its own", z.date(), 1, "x: is 1; use a value of type date"],
    ["too little", z.int().min(3), 2, "x: is 2; use at least 3"],
    ["too little, bound left out", z.number().positive(), 0, "x: is 0; use more than 0"],
    ["too much", z.int().max(3), 4, "x: is 4; use at most 3"],
    ["too much, bound left out", z.number().lt(3), 3, "x: is 3; use less than 3"],
    ["an empty string", z.string().min(1), "", 'x: is ""; give a text that is not empty'],
    ["a long string", z.string().max(3), "abcd", 'x: is "abcd"; use at most 3 characters'],
    ["an empty list", z.array(z.string()).min(1), [], "x: is an empty list; give at least 1"],
    ["a word outside a closed set", z.enum(["a", "b"]), "c", 'x: is "c"; use one of a, b'],
    [
      "a name outside a pattern",
      z.record(z.string().regex(/^a/, "begin with a"), z.string()),
      { b: "" },
      "x.b: is not a valid name; begin with a",
    ],
    ["a string outside a pattern", z.string().regex(/^a/, "begin with a"), "b\n", 'x: is "b\\n"; begin with a'],
    ["a format without a message", z.hostname(), "a b", 'x: is "a b"; use a valid hostname'],
    [
      "a name that records drop",
      z.record(z.string(), z.string()),
      JSON.parse('{"__proto__":"y"}'),
      "x.__proto__: is not a valid name; leave it out",
    ],
    ["a wrong type in a union", z.union([z.string(), leaf]), 5, "x: is a number; use a string or an object"],
    ["nothing in a union", z.union([z.string(), leaf]), undefined, "x: is missing; give a string or an object"],
    ["a fault deep in a union", z.union([z.string(), leaf]), { colour: 5 }, "x.colour: is 5; use a string"],
    [
      "a misspelt form",
      form,
      { htp: {} },
      "x.http: is missing; give an object",
      "x.htp: is not a known name; did you mean http?",
    ],
    ["a fault in a form", form, { http: { path: 1 } }, "x.http.path: is 1; use a string"],
    ["a fault in the other form", form, { exec: [] }, "x.exec: is an empty list; give at least 1"],
    [
      "two forms at once",
      form,
      { http: { path: "" }, exec: ["a"] },
      "x.exec: belongs to another form than its neighbours; leave it out, or leave them out",
    ],
  ];
  for (const [title, schema, input, ...expected] of table)
    it(`explains ${title}`, () => {
      assert.deepEqual(problems(schema, input), expected);
    });

  it("shortens what is long, and shows nothing that may be secret", () => {
    assert.deepEqual(problems(z.int(), "y".repeat(500)), [`x: is "${"y".repeat(80)}…"; use a number`]);
    const secret = z.custom<string>((given) => typeof given === "string", {
      error: "use a string",
      params: confidential,
    });
    assert.deepEqual(problems(secret, 271828), ["x: is a number; use a string"]);
    assert.deepEqual(problems(secret, { password: "hunter2" }), ["x: is an object; use a string"]);
  });

  it("suggests the nearest name at every depth, through every kind of schema", () => {
    const wrappers: Readonly<Record<string, (inner: z.ZodType) => z.ZodType>> = {
      optional: (inner) => inner.optional(),
      default: (inner) => inner.default({}),
      prefault: (inner) => inner.prefault({}),
      nullable: (inner) => inner.nullable(),
      readonly: (inner) => inner.readonly(),
      transform: (inner) => inner.transform((given) => given),
      union: (inner) => z.union([z.string(), inner]),
    };
    for (const [name, wrap] of Object.entries(wrappers)) {
      assert.deepEqual(
        problems(wrap(z.strictObject({ colour: z.string().optional() })), { color: "red" }),
        ["x.color: is not a known name; did you mean colour?"],
        name,
      );
      const deep = z.strictObject({ list: z.array(z.record(z.string(), wrap(leaf))) });
      assert.deepEqual(
        problems(deep, { list: [{ a: { colour: "red" }, b: { colour: "red", colr: 1 } }] }),
        ["x.list.0.b.colr: is not a known name; did you mean colour?"],
        name,
      );
    }
  });

  it("suggests the names of a record with a closed set of them", () => {
    assert.deepEqual(problems(z.partialRecord(z.enum(["soft", "hard"]), z.int()), { sort: 1 }), [
      "x.sort: is not a known name; did you mean soft?",
    ]);
  });

  it("gives back what was parsed, with defaults", () => {
    const found = new Problems();
    assert.deepEqual(parse(form, { exec: ["a"] }, "x", found), { exec: ["a"], period: 1 });
    assert.deepEqual(found.all, []);
  });
});
