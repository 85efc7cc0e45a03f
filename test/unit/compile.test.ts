import assert from "node:assert/strict";
import { type Compiled, measureCompile } from "../../bench/compile";
import { largeSystem } from "../../bench/large-system";
import { median } from "../../bench/report";

describe("compiling a large system", () => {
  it("is measured with one that has everything that takes time, of exactly the given size", () => {
    for (const size of [1, 10, 11, 100]) assert.equal(largeSystem(size).plan().services.length, size);
    const plan = largeSystem(100).plan();
    const { services, connections, externals, secrets, scrapes, alerts } = plan;
    const counts = { connections, externals, secrets, scrapes, alerts };
    for (const [what, items] of Object.entries(counts)) assert.ok(items.length >= 10, what);
    const with_ = (test: (service: (typeof services)[number]) => boolean): number => services.filter(test).length;
    assert.ok(with_(({ waits }) => waits.length > 2) >= 10);
    assert.ok(with_(({ files }) => files.length > 0) >= 10);
    assert.ok(with_(({ volumes }) => Object.keys(volumes).length > 0) >= 10);
    assert.ok(with_(({ probes }) => probes.ready !== undefined) >= 10);
    assert.ok(with_(({ autoscale }) => autoscale !== undefined) >= 10);
    // the last of each group connects to the one before it, so that what is needed reaches through the whole system
    assert.ok(connections.some(({ from, to }) => from === "service-10-9" || to === "service-9-9"));
  });

  // the least, because other work on the machine only adds to it
  const time = (measured: readonly Compiled[]): number => Math.min(...measured.map((each) => each.milliseconds));
  const memory = (measured: readonly Compiled[]): number => median(measured.map((each) => each.heapMiB));

  for (const target of ["docker", "kubernetes"] as const) {
    it(`takes time and memory for ${target} that grow as the number of services does`, function () {
      this.timeout(120_000);
      const small = measureCompile(target, 300, 5);
      const large = measureCompile(target, 3000, 3);
      const growth = (of: typeof time): number => of(large) / of(small);
      // ten times the services; steps that look at all services for each take twenty times as long and more
      assert.ok(growth(time) < 15, `${growth(time).toFixed(1)} times the time`);
      assert.ok(growth(memory) < 15, `${growth(memory).toFixed(1)} times the memory`);
    });

    it(`takes seconds at most for a thousand services on ${target}, however slow the machine`, function () {
      this.timeout(60_000);
      const took = time(measureCompile(target, 1000, 2));
      assert.ok(took < 5000, `${took.toFixed(0)} ms`);
    });
  }
});
