import assert from "node:assert/strict";
import fc from "fast-check";
import { shortened, sorted } from "../../components/targets/names";

describe("names on every target", () => {
  it("keep what fits and end what does not with a hash of the whole", () => {
    assert.equal(shortened("a".repeat(63)), "a".repeat(63));
    assert.equal(shortened("a".repeat(64)), `${"a".repeat(54)}-ffe054fe`);
  });

  it("are never longer than 63 characters, and differ where the full names do", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: 50, maxLength: 90 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.ok(shortened(a).length <= 63);
        assert.equal(shortened(a) === shortened(b), a === b);
      }),
    );
  });

  it("come from records in the order of the keys", () => {
    assert.deepEqual(sorted({ b: 1, a: 2 }), [
      ["a", 2],
      ["b", 1],
    ]);
  });
});
