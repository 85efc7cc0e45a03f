import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { image, kubernetesModelOf, templateOf } from "../support/kubernetes";

describe("a pod that is told to end", () => {
  const podOf = (spec: Partial<ServiceSpec>, isReached = true) => {
    const model = kubernetesModelOf((shop) => {
      const api = shop.service("api", { image, ports: { http: { number: 80 } }, ...spec });
      if (isReached) shop.service("door", { image }).connectsTo(api);
    });
    const { manifests = [] } = model.services.find(({ name }) => name === "api") ?? {};
    const [template] = manifests.flatMap((manifest) => templateOf(manifest) ?? []);
    assert.ok(template !== undefined);
    return {
      sleep: template.spec.containers[0].lifecycle?.preStop.sleep.seconds,
      grace: template.spec.terminationGracePeriodSeconds,
    };
  };

  it("serves on for a moment when another one takes over, and has its whole grace time after that", () => {
    assert.deepEqual(podOf({}), { sleep: 5, grace: 35 });
    assert.deepEqual(podOf({ replicas: 2, update: { order: "stopFirst" }, shutdown: { graceSeconds: 7 } }), {
      sleep: 5,
      grace: 12,
    });
    assert.deepEqual(podOf({ kind: "stateful", replicas: 2 }), { sleep: 5, grace: 35 });
    assert.deepEqual(podOf({ autoscale: { min: 1, max: 2, cpuPercent: 50 }, update: { order: "stopFirst" } }), {
      sleep: 5,
      grace: 35,
    });
  });

  it("ends at once when nobody reaches it or nothing can stand in for it", () => {
    const atOnce = { sleep: undefined, grace: 30 };
    assert.deepEqual(podOf({}, false), atOnce);
    assert.deepEqual(podOf({ update: { order: "stopFirst" } }), atOnce);
    assert.deepEqual(podOf({ singleton: true }), atOnce);
    assert.deepEqual(podOf({ volumes: { data: { path: "/data" } } }), atOnce);
    assert.deepEqual(podOf({ kind: "stateful" }), atOnce);
  });
});
