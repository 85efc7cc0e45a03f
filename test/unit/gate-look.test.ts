import assert from "node:assert/strict";
import type { ServicePlan } from "../../components/core/plan-types";
import { defineSystem } from "../../components/index";
import type { Inspection } from "../../components/targets/docker/engine";
import { lookAtContainers } from "../../gate/on-docker";
import { lookAtWorkloads } from "../../gate/on-kubernetes";
import { fakeCluster, podOf, rolledOut, workloadOf } from "../support/fake-cluster";
import { FakeEngine, inspection } from "../support/fake-engine";

const services: readonly ServicePlan[] = defineSystem("shop", (s) => {
  const ready = { tcp: { port: "http" } };
  const ports = { http: { number: 8080 } };
  s.service("api", { image: "shop/api:1.4.2", ports, replicas: 2, probes: { ready } });
  s.service("plain", { image: "shop/plain:1.0.0" });
  s.service("migrate", { image: "shop/migrate:1.0.0", kind: "job" });
}).plan().services;
const only = (name: string): readonly ServicePlan[] => services.filter((service) => service.name === name);

describe("a look at containers", () => {
  const look = (service: string, found: Readonly<Record<string, Inspection>>) =>
    lookAtContainers(new FakeEngine({ inspect: async (name) => found[name] }), "dev-shop", only(service));
  const health = (Status: string) => inspection({ Health: { Status, Log: null } }, { RestartCount: 4 });

  it("finds every replica healthy, and counts restarts", async () => {
    const found = { "dev-shop-api.1": health("healthy"), "dev-shop-api.2": health("healthy") };
    const { troubles, restarts } = await look("api", found);
    assert.deepEqual(troubles, []);
    assert.deepEqual(
      [...restarts],
      [
        ["dev-shop-api.1", 4],
        ["dev-shop-api.2", 4],
      ],
    );
  });

  it("names what is absent and what is ill", async () => {
    const { troubles } = await look("api", { "dev-shop-api.1": health("unhealthy") });
    assert.deepEqual(troubles, ["dev-shop-api.1 is unhealthy", "dev-shop-api.2 is not there"]);
  });

  for (const [service, given, trouble] of [
    ["plain", inspection(), undefined],
    ["plain", inspection({ Status: "exited", ExitCode: 3 }), "is exited, with exit code 3"],
    ["plain", inspection({ Status: "restarting", ExitCode: 1 }), "is restarting, with exit code 1"],
    ["migrate", inspection({ Status: "exited", ExitCode: 0 }), undefined],
    ["migrate", inspection({ Status: "exited", ExitCode: 2 }), "has ended with exit code 2"],
    ["migrate", inspection(), "is running, and has not completed"],
  ] as const)
    it(`says of ${service}: ${trouble ?? "nothing"}`, async () => {
      const { troubles } = await look(service, { [`dev-shop-${service}`]: given });
      assert.deepEqual(troubles, trouble === undefined ? [] : [`dev-shop-${service} ${trouble}`]);
    });
});

describe("a look at workloads", () => {
  const asked: string[] = [];
  const look = (service: string, status: object | undefined, spec: object = {}) =>
    lookAtWorkloads(
      fakeCluster({
        workload: async (kind, namespace, name) => {
          asked.push(`${kind} ${namespace}/${name}`);
          return status === undefined ? undefined : workloadOf(status, {}, spec);
        },
        pods: async () => [podOf({ restartCount: 7 })],
      }),
      "shop",
      only(service),
    );

  it("finds them rolled out, and counts the restarts of each container", async () => {
    asked.length = 0;
    const { troubles, restarts } = await look("api", rolledOut);
    assert.deepEqual([troubles, asked], [[], ["Deployment shop/api"]]);
    assert.deepEqual([...restarts], [["pod-uid api", 7]]);
  });

  for (const [service, status, spec, trouble] of [
    ["api", undefined, {}, "is not there"],
    ["api", { ...rolledOut, readyReplicas: 0 }, {}, "has 0 of 1 pods ready, 1 of them new"],
    [
      "api",
      { replicas: 3, readyReplicas: 3, updatedReplicas: 1 },
      { replicas: 3 },
      "has 3 of 3 pods ready, 1 of them new",
    ],
    ["migrate", { succeeded: 0 }, {}, "has completed 0 of 1 times"],
  ] as const)
    it(`says: ${service} ${trouble}`, async () => {
      assert.deepEqual((await look(service, status, spec)).troubles, [`shop/${service} ${trouble}`]);
    });
});
