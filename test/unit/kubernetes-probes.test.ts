import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { containerOf } from "../support/kubernetes";

const ports = { http: { number: 8080 } };
const http = { http: { port: "http", path: "/health" }, periodSeconds: 10, timeoutSeconds: 2, failures: 3 };
const tcp = { tcp: { port: "http" }, periodSeconds: 4, timeoutSeconds: 1, failures: 2 };
const exec = { exec: ["pg_isready", "-U", "app"], periodSeconds: 10, timeoutSeconds: 5, failures: 5 };

const onHttp = { httpGet: { port: 8080, path: "/health" }, periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 3 };
const onPort = { tcpSocket: { port: 8080 } };

function probesOf(probes: ServiceSpec["probes"]) {
  const { startupProbe, readinessProbe, livenessProbe } = containerOf({ ports, probes });
  return { startupProbe, readinessProbe, livenessProbe };
}

describe("probes on Kubernetes", () => {
  it("are three, each with its own check and timing", () => {
    assert.deepEqual(probesOf({ startup: exec, ready: http, live: tcp, startupSeconds: 30 }), {
      // 30 s to start, then five periods of ten seconds, looked at every five
      startupProbe: { exec: { command: exec.exec }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 16 },
      readinessProbe: onHttp,
      livenessProbe: { ...onPort, periodSeconds: 4, timeoutSeconds: 1, failureThreshold: 2 },
    });
  });

  it("are alive by the port alone when only readiness is described, which may depend on others", () => {
    assert.deepEqual(probesOf({ ready: http, startupSeconds: 0 }), {
      startupProbe: { ...onPort, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 6 },
      readinessProbe: onHttp,
      livenessProbe: { ...onPort, periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 3 },
    });
  });

  it("are alive by the only port when readiness is a command, and by the command when there is no such port", () => {
    const timing = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 5 };
    const command = { exec: { command: exec.exec }, ...timing };
    assert.deepEqual(probesOf({ ready: exec }), {
      startupProbe: { ...onPort, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 22 },
      readinessProbe: command,
      livenessProbe: { ...onPort, ...timing },
    });
    const several = { ports: { ...ports, admin: { number: 9000 } }, probes: { ready: exec } };
    assert.deepEqual(containerOf(several).livenessProbe, command);
    const overUdp = { ports: { dns: { number: 53, protocol: "udp" as const } }, probes: { ready: exec } };
    assert.deepEqual(containerOf(overUdp).livenessProbe, command);
  });

  it("are alive by readiness when that is a port", () => {
    const { readinessProbe, livenessProbe } = probesOf({ ready: tcp });
    assert.deepEqual(livenessProbe, readinessProbe);
  });

  it("are ready by liveness when only that is described", () => {
    const { readinessProbe, livenessProbe } = probesOf({ live: http });
    assert.deepEqual(readinessProbe, onHttp);
    assert.deepEqual(livenessProbe, onHttp);
  });

  it("are none beside a start-up check alone, and none at all without a check", () => {
    const none = { readinessProbe: undefined, livenessProbe: undefined };
    assert.deepEqual(probesOf({ startup: tcp, startupSeconds: 8 }), {
      startupProbe: { ...onPort, periodSeconds: 4, timeoutSeconds: 1, failureThreshold: 4 },
      ...none,
    });
    assert.deepEqual(probesOf({}), { startupProbe: undefined, ...none });
  });
});
