import assert from "node:assert/strict";
import { join } from "node:path";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { renderOptions } from "../../components/targets/kubernetes/options";
import type { StackConfig } from "../../config/stack";
import { stackSchema } from "../../config/stack";
import { readStackFile } from "../../config/stack-file";
import { systems } from "../../systems/index";
import { kubernetesOptions } from "../../systems/kubernetes";
import { monitoringOf } from "../../systems/monitoring/index";
import { systemNames } from "../../systems/places";
import { planSystems } from "../../systems/plan";
import { asTheyAre } from "../support/cluster-monitoring";
import { requestedMillis } from "../support/requested";

const production = { ...readStackFile(join(__dirname, "../.."), "prod"), systems: [...systemNames] };

/** Every object that a stack on Kubernetes makes. */
function objectsOf(config: StackConfig): readonly object[] {
  const own = planSystems(config).flatMap(({ name, plan }) =>
    manifestsOf(renderKubernetes(plan, renderOptions(name, kubernetesOptions(name, config, asTheyAre)))),
  );
  return [...own, ...(monitoringOf(config, asTheyAre)?.objects ?? [])];
}

describe("the profile of a stack", () => {
  // make cluster's own pods request 210, and a cluster of somebody else's has more of them
  const free = 2_000 - 400;

  for (const monitoring of ["own", "cluster"] as const)
    it(`small: all systems in production fit a node of two cores at once, with Grafana and monitoring: ${monitoring}`, () => {
      const requested = requestedMillis(objectsOf({ ...production, profile: "small", monitoring }));
      assert.ok(requested > 500 && requested <= free, `${requested} thousandths of a core are requested`);
    });

  it("full: as much is requested as described, and no node of two cores has it", () => {
    const config = { ...production, profile: "full", monitoring: "own" } as const;
    for (const { name, plan } of planSystems(config)) assert.deepEqual(plan, systems[name](config).plan());
    assert.ok(requestedMillis(objectsOf(config)) > 2_000);
  });

  it("small: a fifth of the CPU is requested, not less than 10, and the same where an autoscaler measures by it", () => {
    const config = stackSchema.parse({ systems: [...systemNames], profile: "small" });
    let scaling = 0;
    for (const { name, plan } of planSystems(config)) {
      const described = new Map(
        systems[name](config)
          .plan()
          .services.map((service) => [service.name, service]),
      );
      for (const { resources, ...rest } of plan.services) {
        const { resources: before, ...others } = described.get(rest.name) ?? assert.fail(rest.name);
        const { request, ...limit } = before.cpuMillis;
        const fifth = Math.max(10, Math.round(request / 5));
        if (rest.autoscale !== undefined) scaling++;
        assert.deepEqual(rest, others);
        assert.deepEqual(resources, {
          ...before,
          cpuMillis: { ...limit, request: rest.autoscale === undefined ? fifth : request },
        });
      }
    }
    assert.ok(scaling > 1);
  });
});
