import assert from "node:assert/strict";
import fc from "fast-check";
import { differences, flattened } from "../../drift/compare";
import { linesOf } from "../../drift/finding";
import { quantity } from "../../drift/quantity";
import { Secret } from "../../drift/state";

describe("what is made and what is found", () => {
  it("are the same when what is found has more", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (made, more) => {
        assert.deepEqual(differences(made, { more, ...made }), []);
      }),
    );
  });

  const equal: readonly [string, unknown, unknown][] = [
    ["amounts in another notation", { cpu: "0.5", memory: "1024Mi" }, { cpu: "500m", memory: "1Gi" }],
    ["what is false, 0 or empty and left out", { a: false, b: 0, c: "", d: [], e: {} }, {}],
    ["items in another order that have names", [{ name: "a" }, { name: "b" }], [{ name: "b" }, { name: "a", x: 1 }]],
    [
      "ports of two protocols",
      [
        { port: 53, protocol: "UDP" },
        { port: 53, protocol: "TCP" },
      ],
      [
        { port: 53, protocol: "UDP" },
        { port: 53, protocol: "TCP" },
      ],
    ],
    ["secrets with their values", { key: new Secret("s") }, { key: "s" }],
  ];
  for (const [name, made, found] of equal)
    it(`are the same with ${name}`, () => assert.deepEqual(differences(made, found), []));

  const other: readonly [string, unknown, unknown, string, string | undefined, string | undefined][] = [
    ["a value", { spec: { replicas: 2 } }, { spec: { replicas: 5 } }, "spec.replicas", "2", "5"],
    ["a value that is gone", { data: { a: "x" } }, { data: {} }, "data.a", '"x"', undefined],
    [
      "an item",
      { env: [{ name: "A", value: "1" }] },
      { env: [{ name: "A", value: "2" }] },
      "env[A].value",
      '"1"',
      '"2"',
    ],
    [
      "an item that is gone",
      [{ name: "A", value: "1" }],
      [{ name: "B" }],
      "[A]",
      '{"name":"A","value":"1"}',
      undefined,
    ],
    ["a list without names", { args: ["a", "b"] }, { args: ["a"] }, "args", '["a","b"]', '["a"]'],
    ["a key with dots", { labels: { "a.b/c": "1" } }, { labels: { "a.b/c": "2" } }, "labels[a.b/c]", '"1"', '"2"'],
    ["a secret", { data: { a: new Secret("old") } }, { data: { a: "new" } }, "data.a", "[secret]", "[secret]"],
    ["a whole with a secret in it", { a: [new Secret("old")] }, { a: [] }, "a", "[secret]", "[secret]"],
    ["an amount", { memory: "1Gi" }, { memory: "2Gi" }, "memory", '"1Gi"', '"2Gi"'],
  ];
  for (const [name, made, found, path, before, after] of other)
    it(`are told apart by ${name}`, () =>
      assert.deepEqual(differences(made, found), [{ path, made: before, found: after }]));

  it("are laid out by the same paths", () => {
    const value = { spec: { ports: [{ containerPort: 80, name: "http" }], args: ["a"] } };
    assert.deepEqual(
      [...flattened(value).keys()],
      [
        "",
        "spec",
        "spec.ports",
        "spec.ports[80]",
        "spec.ports[80].containerPort",
        "spec.ports[80].name",
        "spec.args",
        "spec.args[0]",
      ],
    );
  });
});

describe("an amount of a resource", () => {
  it("is a number of whole ones, however it is written", () => {
    const cases: readonly [unknown, number | undefined][] = [
      ["500m", 0.5],
      ["0.5", 0.5],
      [2, 2],
      ["1Ki", 1024],
      ["1.5Gi", 1.5 * 2 ** 30],
      ["1k", 1000],
      ["1m0s", undefined],
      ["", undefined],
      [undefined, undefined],
    ];
    for (const [text, amount] of cases) assert.equal(quantity(text), amount, String(text));
  });
});

describe("a finding", () => {
  const common = { urn: "urn", what: "Deployment api" };
  it("names the field, what it was made, what it is, and who wrote it when", () => {
    const change = { path: "spec.replicas", made: "2", found: "5", by: "kubectl (scale)", at: "2026-01-02T03:04:05Z" };
    const gone = { path: "data.a", made: '"x"', found: undefined };
    const added = { path: "data.b", made: undefined, found: '"y"', by: "kubectl-edit" };
    assert.deepEqual(linesOf({ ...common, is: "changed", differences: [change, gone, added] }), [
      "Deployment api: spec.replicas was made 2, is 5; by kubectl (scale) at 2026-01-02T03:04:05Z",
      'Deployment api: data.a was made "x", is not there',
      'Deployment api: data.b was added: "y"; by kubectl-edit',
    ]);
  });

  it("says what is missing, and what was put in its place", () => {
    assert.deepEqual(linesOf({ ...common, is: "missing", differences: [] }), ["Deployment api: is missing"]);
    assert.deepEqual(
      linesOf({ ...common, is: "replaced", differences: [{ path: "env.A", made: '"1"', found: '"2"' }] }),
      ["Deployment api: was replaced by another one under its name", 'Deployment api: env.A was made "1", is "2"'],
    );
  });
});
