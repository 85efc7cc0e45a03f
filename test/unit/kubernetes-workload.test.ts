import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { image, manifestsOfService, matchLabels, named, only, podOf } from "../support/kubernetes";

const labels = {
  "app.kubernetes.io/managed-by": "twofold",
  "app.kubernetes.io/name": "api",
  "app.kubernetes.io/part-of": "shop",
};

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
