import assert from "node:assert/strict";
import { kubernetesModelOf, manifestsOfService, matchLabels, named, only } from "../support/kubernetes";
import { problemsOf } from "../support/problems";

describe("a stateful service", () => {
  it("is a set with a headless service and a volume for each replica", () => {
    const manifests = manifestsOfService(
      {
        kind: "stateful",
        replicas: 3,
        ports: { pg: { number: 5432 } },
        volumes: { data: { path: "/data", sizeMiB: 5120 } },
        update: { parallelism: 3, pauseSeconds: 20 },
      },
      { storageClass: "fast" },
    );
    const { template: _, ...spec } = only(manifests, "StatefulSet").spec;
    assert.deepEqual(spec, {
      replicas: 3,
      serviceName: "api-pods",
      selector: { matchLabels },
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      // one at a time, whatever the parallelism
      minReadySeconds: 20,
      volumeClaimTemplates: [
        {
          metadata: { name: "volume-data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage: "5120Mi" } },
          },
        },
      ],
    });
    assert.deepEqual(named(manifests, "Service"), ["api", "api-pods"]);
    assert.deepEqual(named(manifests, "PersistentVolumeClaim"), [
      "volume-data-api-0",
      "volume-data-api-1",
      "volume-data-api-2",
    ]);
  });

  it("shares no volume with another, whose name may be put together alike", () => {
    const stateful = (volume: string) =>
      ({ kind: "stateful", image: "db:1", volumes: { [volume]: { path: "/data" } } }) as const;
    const problems = problemsOf(() =>
      kubernetesModelOf((system) => {
        system.service("a-b", stateful("c"));
        system.service("b", stateful("c-a"));
      }),
    );
    assert.deepEqual(problems, [
      "services.b.volumes.c-a: would be volume-c-a-b-0, as is the volume c of a-b; give the volume another name",
    ]);
  });

  it("keeps the volumes that are to stay, and all of them when the stack asks for that", () => {
    const keptOf = (keepVolumes: boolean) => {
      const volumes = { data: { path: "/data" }, logs: { path: "/logs", keep: true } };
      return manifestsOfService({ kind: "stateful", volumes }, { keepVolumes })
        .filter(({ kind, metadata }) => kind === "PersistentVolumeClaim" && metadata.annotations?.["twofold.keep"])
        .map(({ metadata }) => metadata.name);
    };
    assert.deepEqual(
      [keptOf(false), keptOf(true)],
      [["volume-logs-api-0"], ["volume-data-api-0", "volume-logs-api-0"]],
    );
  });
});
