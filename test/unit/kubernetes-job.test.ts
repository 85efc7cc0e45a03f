import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { manifestsOfService, only, podOf } from "../support/kubernetes";

describe("a job", () => {
  it("runs as often as the description says, and gives up after its attempts", () => {
    const specOf = (spec: Partial<ServiceSpec>) => {
      const { completions, parallelism, backoffLimit, template } = only(
        manifestsOfService({ kind: "job", ...spec }),
        "Job",
      ).spec;
      return [completions, parallelism, backoffLimit, template.spec.restartPolicy];
    };
    assert.deepEqual(specOf({}), [1, 1, undefined, "OnFailure"]);
    assert.deepEqual(specOf({ replicas: 2, restart: { policy: "onFailure", maxAttempts: 3 } }), [2, 2, 3, "OnFailure"]);
    assert.deepEqual(specOf({ restart: { policy: "never" } }), [1, 1, 0, "Never"]);
  });

  it("has no checks: its end is the verdict", () => {
    const ports = { http: { number: 80 } };
    const probes = { ready: { tcp: { port: "http" } } };
    assert.equal(podOf({ kind: "job", ports, probes }).containers[0].readinessProbe, undefined);
  });

  it("runs by the clock, in UTC and never twice at once", () => {
    const { jobTemplate, ...spec } = only(
      manifestsOfService({ kind: "cron", schedule: "0 3 * * *", restart: { policy: "never" } }),
      "CronJob",
    ).spec;
    assert.deepEqual(spec, { schedule: "0 3 * * *", timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" });
    assert.equal(jobTemplate.spec.backoffLimit, 0);
  });
});
