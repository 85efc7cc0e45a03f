import type { Cases } from "../support/cases";
import { container, pod } from "../support/plain";

const job = { restart: "on-failure", maxRetryCount: 6, healthcheck: undefined };

export const healthCases: Cases = {
  healthcheck: {
    passes: [container(), container(job)],
    fails: {
      "shop-api has no health check": container({ healthcheck: { tests: ["NONE"] } }),
    },
  },
  liveness: {
    passes: [pod(), pod({ kind: "Job", container: { livenessProbe: undefined } })],
    fails: { "api has no liveness probe": pod({ container: { livenessProbe: undefined } }) },
  },
  readiness: {
    passes: [pod(), pod({ container: { readinessProbe: undefined, ports: undefined } })],
    fails: { "api has no readiness probe": pod({ container: { readinessProbe: undefined } }) },
  },
  "distinct-probes": {
    passes: [pod(), pod({ container: { readinessProbe: undefined, livenessProbe: undefined } })],
    fails: {
      "api has two identical probes": pod({
        container: {
          readinessProbe: { periodSeconds: 10, tcpSocket: { port: 8080 } },
          livenessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 10 },
        },
      }),
    },
  },
  "probe-port-declared": {
    passes: [pod(), pod({ container: { readinessProbe: { httpGet: { port: "http" } } } })],
    fails: {
      "api has a readinessProbe of port 9090, which it does not declare": pod({
        container: { readinessProbe: { httpGet: { port: 9090 } } },
      }),
      "api has a startupProbe of port grpc, which it does not declare": pod({
        container: { startupProbe: { grpc: { port: "grpc" } } },
      }),
    },
  },
  "probe-own-pod": {
    passes: [pod()],
    fails: {
      "api makes its node ask db": pod({ container: { livenessProbe: { tcpSocket: { host: "db", port: 8080 } } } }),
      "api makes its node ask 10.0.0.1": pod({
        container: { lifecycle: { preStop: { httpGet: { host: "10.0.0.1" } } } },
      }),
    },
  },
  "startup-probe-for-slow-start": {
    passes: [pod(), pod({ container: { startupProbe: undefined, livenessProbe: { initialDelaySeconds: 60 } } })],
    fails: {
      "api may be ended by its liveness probe while it starts": pod({ container: { startupProbe: undefined } }),
    },
  },
  "grace-covers-prestop": {
    passes: [
      container(),
      container({ ...job, stopTimeout: undefined }),
      pod({ container: { lifecycle: { preStop: { sleep: { seconds: 5 } } } } }),
    ],
    fails: {
      "shop-api has 0 s when Pulumi removes it and 60 s when Docker stops it": container({
        stopTimeout: 60,
        destroyGraceSeconds: undefined,
      }),
      "shop-api has 30 s when Pulumi removes it and 10 s when Docker stops it": container({ stopTimeout: undefined }),
      "api ends after 30 s, of which preStop takes 30": pod({
        container: { lifecycle: { preStop: { exec: { command: ["sh", "-c", "sleep 30"] } } } },
        pod: { terminationGracePeriodSeconds: undefined },
      }),
    },
  },
  "restart-policy": {
    passes: [
      container(),
      container(job),
      container({ restart: "no", healthcheck: undefined }),
      pod(),
      pod({ kind: "Job", pod: { restartPolicy: "OnFailure" } }),
    ],
    fails: {
      "shop-api is not started again when it fails": container({ restart: undefined }),
      "shop-api is tried again for ever": container({ ...job, maxRetryCount: 0 }),
      "api is not started again when it fails": pod({ kind: "Pod", spec: { restartPolicy: "Never" } }),
      "api is a job that is never done": pod({ kind: "Job" }),
    },
  },
};
