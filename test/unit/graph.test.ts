import assert from "node:assert/strict";
import fc from "fast-check";
import { type Dependencies, findCycle, findCycles, startOrder, withDependencies } from "../../components/core/graph";

type Edges = Readonly<Record<string, readonly string[]>>;

const graph = (edges: Edges): Dependencies => new Map(Object.entries(edges).map(([name, to]) => [name, new Set(to)]));

const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
const anyGraph = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 16 })
  .map(
    (pairs) =>
      new Map(names.map((name) => [name, new Set(pairs.filter(([from]) => from === name).map(([, to]) => to))])),
  );

/** Edges from later to earlier names only, so that there is no cycle. */
const acyclic = anyGraph.map(
  (dependencies) =>
    new Map([...dependencies].map(([name, to]) => [name, new Set([...to].filter((other) => other < name))])),
);

/** Whether a graph has a cycle, by another way: names without dependencies are removed until none is left, or none can go. */
function hasCycle(dependencies: Dependencies): boolean {
  const left = new Map([...dependencies].map(([name, to]) => [name, new Set(to)]));
  for (let free = leafOf(left); free !== undefined; free = leafOf(left)) {
    left.delete(free);
    for (const to of left.values()) to.delete(free);
  }
  return left.size > 0;
}

function leafOf(dependencies: Dependencies): string | undefined {
  return [...dependencies].find(([, to]) => to.size === 0)?.[0];
}

function assertClosedWalk(dependencies: Dependencies, cycle: readonly string[]): void {
  assert.ok(cycle.length >= 2);
  assert.equal(cycle[0], cycle.at(-1));
  for (const [index, name] of cycle.slice(0, -1).entries())
    assert.ok(dependencies.get(name)?.has(cycle[index + 1] ?? ""), `${cycle.join(" -> ")} is no path`);
  assert.equal(new Set(cycle).size, cycle.length - 1, "a name occurs twice");
}

describe("startOrder", () => {
  it("puts what is needed first, and else goes by the alphabet", () => {
    const order = startOrder(graph({ web: ["api"], api: ["redis", "db"], db: [], redis: [], cron: ["db"] }));
    assert.deepEqual(order, ["db", "redis", "api", "cron", "web"]);
  });

  it("respects every edge, has every name once, and does not depend on the order of declaration", () => {
    fc.assert(
      fc.property(acyclic, fc.shuffledSubarray(names, { minLength: names.length }), (dependencies, shuffled) => {
        const order = startOrder(dependencies);
        assert.deepEqual([...order].sort(), names);
        for (const [name, to] of dependencies)
          for (const needed of to) assert.ok(order.indexOf(needed) < order.indexOf(name));
        const again = new Map(shuffled.map((name) => [name, new Set([...(dependencies.get(name) ?? [])].reverse())]));
        assert.deepEqual(startOrder(again), order);
      }),
    );
  });
});

describe("findCycle", () => {
  it("names the path", () => {
    assert.deepEqual(findCycle(graph({ a: ["b"], b: ["c"], c: ["b"], d: [] })), ["b", "c", "b"]);
    assert.deepEqual(findCycle(graph({ a: ["a"] })), ["a", "a"]);
    assert.equal(findCycle(graph({ a: ["b", "c"], b: ["c"], c: [] })), undefined);
  });

  it("finds a cycle if and only if there is one, and reports a real one", () => {
    fc.assert(
      fc.property(anyGraph, (dependencies) => {
        const cycle = findCycle(dependencies);
        assert.equal(cycle !== undefined, hasCycle(dependencies));
        if (cycle !== undefined) assertClosedWalk(dependencies, cycle);
      }),
    );
  });
});

describe("findCycles", () => {
  it("finds cycles that have no name in common", () => {
    assert.deepEqual(findCycles(graph({ a: ["b"], b: ["a"], c: ["d"], d: ["c"] })), [
      ["a", "b", "a"],
      ["c", "d", "c"],
    ]);
  });

  it("leaves no cycle among the other names", () => {
    fc.assert(
      fc.property(anyGraph, (dependencies) => {
        const cycles = findCycles(dependencies);
        for (const cycle of cycles) assertClosedWalk(dependencies, cycle);
        const named = cycles.flatMap((cycle) => cycle.slice(1));
        assert.equal(new Set(named).size, named.length);
        const others = [...dependencies].filter(([name]) => !named.includes(name));
        const within = others.map(
          ([name, to]) => [name, new Set([...to].filter((other) => !named.includes(other)))] as const,
        );
        assert.equal(hasCycle(new Map(within)), false);
      }),
    );
  });
});

describe("withDependencies", () => {
  it("is the transitive closure", () => {
    fc.assert(
      fc.property(anyGraph, fc.subarray(names), (dependencies, chosen) => {
        const closure = withDependencies(chosen, dependencies);
        for (const name of chosen) assert.ok(closure.has(name));
        for (const name of closure) for (const needed of dependencies.get(name) ?? []) assert.ok(closure.has(needed));
        for (const name of closure) assert.ok(chosen.some((start) => reaches(dependencies, start, name)));
      }),
    );
  });
});

/** Whether there is a path of at most as many steps as there are names. */
function reaches(dependencies: Dependencies, from: string, to: string): boolean {
  let layer = new Set([from]);
  for (let step = 0; step <= names.length; step++) {
    if (layer.has(to)) return true;
    layer = new Set([...layer].flatMap((name) => [...(dependencies.get(name) ?? [])]));
  }
  return false;
}
