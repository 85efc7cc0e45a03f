import assert from "node:assert/strict";
import { defineSystem } from "../../components/builder";
import { problemsOf } from "../support/problems";

const http = { ports: { http: { number: 80 } } };

function problems(aliases: readonly string[], ports = http): readonly string[] {
  return problemsOf(() =>
    defineSystem("shop", (shop) => {
      shop.service("till", { image: "till:1", ...http, aliases: ["desk"] });
      shop.service("store", { image: "store:1", ...ports, aliases: [...aliases] });
    }),
  );
}

describe("further names of a service", () => {
  it("are taken when nobody else has them", () => assert.deepEqual(problems(["warehouse"]), []));

  for (const [alias, owner] of [
    ["till", "till"],
    ["desk", "till"],
    ["till-pods", "till"],
    ["store", "store"],
  ] as const) {
    it(`are refused when they lead to another place: ${alias}`, () => {
      assert.deepEqual(problems([alias]), [
        `services.store.aliases: has ${alias}, a name of ${owner} already; choose another name`,
      ]);
    });
  }

  it("need a port behind them", () => {
    assert.deepEqual(problems(["warehouse"], {} as typeof http), [
      "services.store.aliases: are names of a service without ports; add a port, or leave them out",
    ]);
  });
});
