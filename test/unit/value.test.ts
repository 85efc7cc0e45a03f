import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { partsOf, SecretRef, secretsIn, Text, text, type Value } from "../../components/core/value";

const secretRef = fc.tuple(fc.string(), fc.string()).map(([owner, key]) => new SecretRef(owner, key));
const value: fc.Arbitrary<Value | number> = fc.oneof(
  fc.string(),
  fc.integer(),
  secretRef,
  fc.array(fc.oneof(fc.string(), secretRef)).map((parts) => new Text(parts)),
);

/** Calls the tag as the compiler would for a template with these strings and values. */
function template(strings: readonly string[], values: readonly (Value | number)[]): Value {
  return text(Object.assign([...strings], { raw: strings }), ...values);
}

const shown = (part: string | SecretRef): string => (typeof part === "string" ? part : `<${part.id}>`);
const join = (given: Value | number): string =>
  partsOf(typeof given === "number" ? String(given) : given)
    .map(shown)
    .join("");

describe("text", () => {
  const password = new SecretRef("shop", "db-password");

  it("is a plain string when there is no secret in it", () => {
    assert.equal(text`http://${"api"}:${8080}/`, "http://api:8080/");
    assert.equal(text``, "");
  });

  it("keeps the parts around a secret, joined where they touch", () => {
    const url = text`postgres://${"app"}:${password}@${"db"}:${5432}/app`;
    assert.ok(url instanceof Text);
    assert.deepEqual(url.parts, ["postgres://app:", password, "@db:5432/app"]);
  });

  it("takes another text apart, so that nesting does not matter", () => {
    const inner = text`app:${password}`;
    assert.deepEqual(text`x://${inner}@db`, text`x://app:${password}@db`);
  });

  it("is a text even when it is the secret alone", () => {
    assert.deepEqual(partsOf(text`${password}`), [password]);
  });

  it("loses and adds nothing, whatever is put into it", () => {
    fc.assert(
      fc.property(
        fc
          .array(value, { maxLength: 6 })
          .chain((values) =>
            fc.tuple(
              fc.array(fc.string(), { minLength: values.length + 1, maxLength: values.length + 1 }),
              fc.constant(values),
            ),
          ),
        ([strings, values]) => {
          const expected = strings.map((string, index) => string + join(values[index] ?? "")).join("");
          const built = template(strings, values);
          assert.equal(join(built), expected);
          const parts = partsOf(built);
          assert.ok(!parts.includes(""), "an empty part");
          assert.ok(
            parts.every((part, index) => typeof part !== "string" || typeof parts[index + 1] !== "string"),
            "two strings side by side",
          );
        },
      ),
    );
  });
});

describe("secretsIn", () => {
  it("lists the secrets of a value in order", () => {
    const [a, b] = [new SecretRef("shop", "a"), new SecretRef("shop", "b")];
    assert.deepEqual(secretsIn("plain"), []);
    assert.deepEqual(secretsIn(a), [a]);
    assert.deepEqual(secretsIn(text`${b}:${a}`), [b, a]);
  });
});

describe("a secret's reference", () => {
  const ref = new SecretRef("shop", "db-password");
  const holder = text`url://${ref}`;

  it("is written as its name in JSON", () => {
    assert.equal(
      JSON.stringify({ ref, holder }),
      '{"ref":{"secret":"shop/db-password"},"holder":{"text":["url://",{"secret":"shop/db-password"}]}}',
    );
  });

  it("refuses to become part of a plain string", () => {
    const refusal = /the secret shop\/db-password was put into a plain string; use the text`…` tag/;
    // biome-ignore lint/style/useTemplate: the concatenation is what is tested.
    assert.throws(() => "x" + (ref as unknown as string), refusal);
    assert.throws(() => `${ref as unknown as string}`, refusal);
    assert.throws(() => [ref].join(), refusal);
    assert.throws(() => `${holder as unknown as string}`, /a text with secrets was put into a plain string/);
  });

  it("cannot be changed, and neither can a text", () => {
    assert.throws(() => Object.assign(ref, { key: "other" }), TypeError);
    assert.ok(holder instanceof Text);
    assert.throws(() => (holder.parts as unknown[]).push("more"), TypeError);
  });

  it("shows only its name to a debugger", () => {
    assert.equal(inspect(ref), "SecretRef { owner: 'shop', key: 'db-password' }");
  });
});
