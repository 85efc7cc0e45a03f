import assert from "node:assert/strict";
import { defineSystem, type SystemBuilder } from "../../components/core/system";
import { problemsIn } from "../support/problems";

describe("a circle of waits", () => {
  const describeCircle = (system: SystemBuilder, wait: "started" | "none"): void => {
    const [a, b, c, d] = (["a", "b", "c", "d"] as const).map((name) =>
      system.service(name, { image: "x:1", ports: { http: { number: 80 } } }),
    );
    assert.ok(a && b && c && d);
    a.connectsTo(b);
    b.connectsTo(a, { wait });
    c.connectsTo(d);
    d.connectsTo(c, { wait });
  };

  it("is refused with its path, and so is every other one", () => {
    assert.deepEqual(
      problemsIn((system) => describeCircle(system, "started")),
      [
        'connections: wait for each other in a circle: a -> b -> a; give one of them wait: "none"',
        'connections: wait for each other in a circle: c -> d -> c; give one of them wait: "none"',
      ],
    );
  });

  it("can be broken knowingly", () => {
    const plan = defineSystem("shop", (system) => describeCircle(system, "none")).plan();
    assert.deepEqual(
      plan.services.map(({ name }) => name),
      ["b", "a", "d", "c"],
    );
    assert.equal(plan.connections.length, 4);
  });
});
