import assert from "node:assert/strict";
import { containerOf, podOf } from "../support/kubernetes";
import { everySecurityField } from "../support/security";

describe("a pod", () => {
  it("gets user, groups, capabilities and an AppArmor profile as the description says", () => {
    const pod = podOf({
      security: everySecurityField,
      kernel: { sysctls: { "net.ipv4.tcp_syncookies": "1", "net.core.somaxconn": "512" } },
      shutdown: { graceSeconds: 90 },
    });
    assert.deepEqual(pod.securityContext, {
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 7,
      supplementalGroups: [4, 20],
      seccompProfile: { type: "RuntimeDefault" },
      sysctls: [
        { name: "net.core.somaxconn", value: "512" },
        { name: "net.ipv4.tcp_syncookies", value: "1" },
      ],
    });
    assert.deepEqual(pod.containers[0].securityContext, {
      allowPrivilegeEscalation: true,
      readOnlyRootFilesystem: false,
      capabilities: { drop: ["ALL"], add: ["CHOWN", "NET_BIND_SERVICE"] },
      appArmorProfile: { type: "Localhost", localhostProfile: "shop-api" },
    });
    assert.equal(pod.terminationGracePeriodSeconds, 90);
  });

  it("is unconfined by AppArmor only when that is said", () => {
    const security = { appArmor: "unconfined", because: "shows it" };
    assert.deepEqual(containerOf({ security }).securityContext.appArmorProfile, { type: "Unconfined" });
  });

  it("gets its limits in the units of the description, and no processor limit that was not asked for", () => {
    const { resources } = containerOf({
      resources: { cpuMillis: { request: 250, limit: 1500 }, memoryMiB: { request: 64, limit: 512 } },
    });
    assert.deepEqual(resources, {
      requests: { cpu: "250m", memory: "64Mi", "ephemeral-storage": "32Mi" },
      limits: { cpu: "1500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
    });
    assert.equal("cpu" in containerOf({}).resources.limits, false);
  });

  it("has volumes of every kind at their paths, with names that keep them apart", () => {
    const pod = podOf({
      volumes: { tmp: { path: "/data" } },
      scratch: { tmp: { path: "/tmp", sizeMiB: 16 } },
      kernel: { shmMiB: 32 },
      hostMounts: [
        { source: "/proc", path: "/host/proc", because: "reads counters" },
        { source: "/srv", path: "/srv", readOnly: false, because: "writes there" },
      ],
    });
    assert.deepEqual(pod.volumes, [
      { name: "volume-tmp", persistentVolumeClaim: { claimName: "api.tmp" } },
      { name: "scratch-tmp", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "32Mi" } },
      { name: "host-0", hostPath: { path: "/proc" } },
      { name: "host-1", hostPath: { path: "/srv" } },
    ]);
    assert.deepEqual(pod.containers[0].volumeMounts, [
      { name: "volume-tmp", mountPath: "/data" },
      { name: "scratch-tmp", mountPath: "/tmp" },
      { name: "shm", mountPath: "/dev/shm" },
      { name: "host-0", mountPath: "/host/proc", readOnly: true },
      { name: "host-1", mountPath: "/srv" },
    ]);
    assert.equal(pod.securityContext.fsGroup, 10001);
  });

  it("shares its group with volumes and files, and with nothing else", () => {
    assert.equal(podOf({ files: [{ path: "/etc/api/a", content: "" }] }).securityContext.fsGroup, 10001);
    assert.equal(podOf({ volumes: { data: { path: "/data" } } }).securityContext.fsGroupChangePolicy, "OnRootMismatch");
    assert.equal(podOf({ scratch: { tmp: { path: "/tmp" } } }).securityContext.fsGroup, undefined);
  });
});
