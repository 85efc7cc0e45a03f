import assert from "node:assert/strict";
import { canonical, sortBy } from "../../components/core/canonical";
import { SecretRef, text } from "../../components/core/value";

describe("canonical", () => {
  it("sorts the keys of objects at every depth and keeps the order of lists", () => {
    const copy = canonical({ b: [{ z: 1, y: [3, 1, 2] }], a: { d: 1, c: 2 } });
    assert.equal(JSON.stringify(copy), '{"a":{"c":2,"d":1},"b":[{"y":[3,1,2],"z":1}]}');
  });

  it("drops keys without a value", () => {
    assert.deepEqual(Object.keys(canonical({ a: undefined, b: null, c: 0 })), ["b", "c"]);
  });

  it("is frozen at every depth and apart from what was copied", () => {
    const original = { list: [{ name: "a" }] };
    const copy = canonical(original);
    original.list.push({ name: "b" });
    assert.deepEqual(copy, { list: [{ name: "a" }] });
    assert.throws(() => copy.list.push({ name: "c" }), TypeError);
    assert.throws(() => Object.assign(copy.list[0] ?? {}, { name: "d" }), TypeError);
  });

  it("leaves values with secrets what they are", () => {
    const ref = new SecretRef("shop", "key");
    const url = text`x://${ref}`;
    assert.deepEqual(canonical({ ref, url }), { ref, url });
    assert.ok(canonical({ ref }).ref instanceof SecretRef);
  });
});

describe("sortBy", () => {
  it("orders by code unit, not by language, and leaves the given list alone", () => {
    const given = ["b", "a-c", "B", "a", "ä", "a1"];
    assert.deepEqual(
      sortBy(given, (each) => each),
      ["B", "a", "a-c", "a1", "b", "ä"],
    );
    assert.equal(given[0], "b");
  });
});
