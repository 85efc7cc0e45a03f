import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { image, kubernetesModelOf, manifestsOfService, named, only, podOf } from "../support/kubernetes";
import { problemsOf } from "../support/problems";

const labels = {
  "app.kubernetes.io/managed-by": "twofold",
  "app.kubernetes.io/name": "api",
  "app.kubernetes.io/part-of": "shop",
};
const matchLabels = { "app.kubernetes.io/name": "api" };

describe("a service on Kubernetes by default", () => {
  it("is a deployment of one confined and limited pod, with an account of its own and nothing else", () => {
    const manifests = manifestsOfService({});
    assert.deepEqual(
      manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      [
        ...["Namespace shop", "NetworkPolicy all.deny", "NetworkPolicy all.dns"],
        ...["ServiceAccount api", "Deployment api"],
      ],
    );
    assert.deepEqual(only(manifests, "Deployment"), {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "api",
        namespace: "shop",
        labels,
        annotations: { "kube-score/ignore": "container-image-pull-policy" },
      },
      spec: {
        replicas: 1,
        selector: { matchLabels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        minReadySeconds: 0,
        progressDeadlineSeconds: 120,
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: "api",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            restartPolicy: "Always",
            terminationGracePeriodSeconds: 30,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 10001,
              runAsGroup: 10001,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "api",
                image,
                resources: {
                  requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "32Mi" },
                  limits: { memory: "256Mi", "ephemeral-storage": "1Gi" },
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    });
    assert.equal(only(manifests, "ServiceAccount").automountServiceAccountToken, false);
  });
});

describe("what kube-score is told to leave out", () => {
  const cases = [
    [{ user: 10_000, group: 10_000 }, "container-image-pull-policy"],
    [{ user: 9_999, group: 10_000 }, "container-image-pull-policy,container-security-context-user-group-id"],
    [{ user: 10_000, group: 999 }, "container-image-pull-policy,container-security-context-user-group-id"],
  ] as const;
  for (const [security, expected] of cases)
    it(`is ${expected} for ${JSON.stringify(security)}`, () => {
      for (const kind of ["service", "stateful", "job"] as const) {
        const [workload] = manifestsOfService({ kind, security }).filter(({ kind }) => /Deployment|Set|Job/.test(kind));
        assert.deepEqual(workload?.metadata.annotations, { "kube-score/ignore": expected });
      }
    });
});

describe("a deployment", () => {
  const specOf = (spec: Partial<ServiceSpec>) => only(manifestsOfService(spec), "Deployment").spec;

  it("replaces pods in the order, number and pace that the description says", () => {
    const rolling = (spec: Partial<ServiceSpec>) => {
      const { strategy, minReadySeconds } = specOf(spec);
      return [strategy.type === "RollingUpdate" ? strategy.rollingUpdate : strategy.type, minReadySeconds];
    };
    assert.deepEqual(rolling({ replicas: 4, update: { parallelism: 2, pauseSeconds: 30 } }), [
      { maxSurge: 2, maxUnavailable: 0 },
      30,
    ]);
    assert.deepEqual(rolling({ replicas: 2, update: { order: "stopFirst", pauseSeconds: 30 } }), [
      { maxSurge: 0, maxUnavailable: 1 },
      30,
    ]);
    // all at once: there is nothing to pause before
    assert.deepEqual(rolling({ replicas: 2, update: { parallelism: 2 } }), [{ maxSurge: 2, maxUnavailable: 0 }, 0]);
    assert.deepEqual(rolling({ autoscale: { min: 1, max: 3, cpuPercent: 50 } })[1], 10);
  });

  it("never has two of a singleton, nor two on one volume", () => {
    assert.deepEqual(specOf({ singleton: true }).strategy, { type: "Recreate" });
    assert.deepEqual(specOf({ volumes: { data: { path: "/data" } } }).strategy, { type: "Recreate" });
  });

  it("is given up when the checks must have given their verdict, with time for images and gates", () => {
    const ports = { http: { number: 80 } };
    const probes = {
      startupSeconds: 60,
      ready: { http: { port: "http", path: "/" }, periodSeconds: 10, timeoutSeconds: 3, failures: 3 },
    };
    // start-up: 60 s and three periods, then the timeout; readiness: three periods and the timeout
    assert.equal(specOf({ ports, probes }).progressDeadlineSeconds, 90 + 3 + 30 + 3 + 120);
    assert.equal(specOf({ ports, probes, replicas: 2 }).progressDeadlineSeconds, 90 + 3 + 30 + 3 + 120 + 10);
  });

  it("leaves the number of pods to the autoscaler where there is one", () => {
    const manifests = manifestsOfService({ autoscale: { min: 2, max: 5, cpuPercent: 70 } });
    assert.equal("replicas" in only(manifests, "Deployment").spec, false);
    assert.deepEqual(only(manifests, "HorizontalPodAutoscaler").spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    });
    const hasty = manifestsOfService({ autoscale: { min: 2, max: 5, cpuPercent: 70, scaleDownSeconds: 0 } });
    assert.deepEqual(only(hasty, "HorizontalPodAutoscaler").spec.behavior, {
      scaleDown: { stabilizationWindowSeconds: 0 },
    });
    assert.deepEqual(named(manifestsOfService({ replicas: 2 }), "HorizontalPodAutoscaler"), []);
  });
});

describe("several pods of a service", () => {
  it("are spread over nodes and zones, and a node is emptied of one at a time", () => {
    const manifests = manifestsOfService({ replicas: 2 });
    assert.deepEqual(only(manifests, "PodDisruptionBudget").spec, {
      maxUnavailable: 1,
      selector: { matchLabels },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    const constraint = { maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels } };
    assert.deepEqual(podOf({ replicas: 2 }).topologySpreadConstraints, [
      { ...constraint, topologyKey: "kubernetes.io/hostname" },
      { ...constraint, topologyKey: "topology.kubernetes.io/zone" },
    ]);
  });

  it("are those that an autoscaler keeps at least, for a budget, and at most, for the spreading", () => {
    const autoscale = { min: 1, max: 3, cpuPercent: 50 };
    assert.deepEqual(named(manifestsOfService({ autoscale }), "PodDisruptionBudget"), []);
    assert.equal(podOf({ autoscale }).topologySpreadConstraints?.length, 2);
    assert.deepEqual(named(manifestsOfService({ autoscale: { ...autoscale, min: 2 } }), "PodDisruptionBudget"), [
      "api",
    ]);
  });

  it("are neither of a single one nor of a job", () => {
    for (const spec of [{}, { kind: "job", replicas: 3 } as const]) {
      assert.deepEqual(named(manifestsOfService(spec), "PodDisruptionBudget"), []);
      assert.equal(podOf(spec).topologySpreadConstraints, undefined);
    }
  });
});

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
