import assert from "node:assert/strict";
import fc from "fast-check";
import { DescriptionError, oneOf, suggest } from "../../components/core/errors";

describe("DescriptionError", () => {
  it("has a line for the subject and one for each problem", () => {
    const error = new DescriptionError("system shop", [
      { path: "services.api.replicas", given: "is 0", remedy: "use at least 1" },
      { path: "services.db.image", given: "is missing", remedy: "give a string or an object" },
    ]);
    assert.equal(
      error.message,
      [
        "system shop: 2 problems",
        "  services.api.replicas: is 0; use at least 1",
        "  services.db.image: is missing; give a string or an object",
      ].join("\n"),
    );
    assert.equal(error.name, "DescriptionError");
  });

  it("counts one problem in the singular", () => {
    assert.match(
      new DescriptionError("x", [{ path: "a", given: "b", remedy: "c" }]).message,
      /^x: 1 problem\n {2}a: b; c$/,
    );
  });
});

describe("suggest", () => {
  const fields = ["image", "ports", "replicas", "resources", "env"];
  for (const [word, expected] of [
    ["imge", "did you mean image?"],
    ["Image", "did you mean image?"],
    ["port", "did you mean ports?"],
    ["replica", "did you mean replicas?"],
    ["resuorces", "did you mean resources?"],
    ["volumes", "use one of env, image, ports, replicas, resources"],
    ["x", "use one of env, image, ports, replicas, resources"],
    ["", "use one of env, image, ports, replicas, resources"],
  ] as const)
    it(`answers ${JSON.stringify(word)} with: ${expected}`, () => {
      assert.equal(suggest(word, fields), expected);
    });

  it("does not propose a short name that shares no letter", () => {
    assert.equal(suggest("a", ["b"]), "use b");
  });

  it("says so when there is nothing to choose from", () => {
    assert.equal(suggest("x", []), "there is none to choose from");
  });

  it("names each candidate once", () => {
    assert.equal(suggest("something", ["b", "a", "b"]), "use one of a, b");
  });

  it("finds every candidate that was written with one wrong letter", () => {
    const candidate = fc.constantFrom(...fields.filter((field) => field.length > 3));
    fc.assert(
      fc.property(candidate, fc.nat(20), (field, at) => {
        const index = at % field.length;
        assert.equal(suggest(`${field.slice(0, index)}_${field.slice(index + 1)}`, fields), `did you mean ${field}?`);
      }),
    );
  });
});

describe("oneOf", () => {
  it("lists what is allowed, in the order given", () => {
    assert.equal(oneOf(["tcp"]), "use tcp");
    assert.equal(oneOf(["tcp", "udp"]), "use one of tcp, udp");
  });
});
