import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { image, kubernetesModelOf, manifestsOfService, only, podOf } from "../support/kubernetes";
import { againstRestricted } from "../support/pod-security";

const because = "the test says so";

describe("the namespace of a system", () => {
  const levelOf = (spec: Partial<ServiceSpec>) =>
    only(manifestsOfService(spec), "Namespace", "shop").metadata.labels["pod-security.kubernetes.io/enforce"];

  it("has the system's name unless another one is given", () => {
    const model = kubernetesModelOf((shop) => void shop.service("api", { image }), { namespace: "mine-shop" });
    const [namespace, ...rest] = [...model.shared, ...model.services.flatMap(({ manifests }) => manifests)];
    assert.equal(namespace?.metadata.name, "mine-shop");
    assert.deepEqual([...new Set(rest.map(({ metadata }) => metadata.namespace))], ["mine-shop"]);
  });

  const cases: readonly [Partial<ServiceSpec>, string][] = [
    [{}, "restricted"],
    [{ security: { readOnlyRoot: false, because } }, "restricted"],
    [{ security: { addCapabilities: ["NET_BIND_SERVICE"], because } }, "restricted"],
    [{ kernel: { sysctls: { "net.ipv4.tcp_syncookies": "1" } } }, "restricted"],
    [{ security: { user: 0, because } }, "baseline"],
    [{ security: { noNewPrivileges: false, because } }, "baseline"],
    [{ security: { addCapabilities: ["CHOWN"], because } }, "baseline"],
    [{ security: { addCapabilities: ["SYS_ADMIN"], because } }, "privileged"],
    [{ security: { appArmor: "unconfined", because } }, "privileged"],
    [{ kernel: { sysctls: { "net.core.somaxconn": "512" } } }, "privileged"],
    [{ hostMounts: [{ source: "/proc", path: "/host/proc", because }] }, "privileged"],
  ];
  for (const [spec, level] of cases) {
    it(`admits ${level} pods for ${JSON.stringify(spec)}`, () => {
      assert.equal(levelOf(spec), level);
      assert.equal(againstRestricted(podOf(spec)).length === 0, level === "restricted");
    });
  }

  it("is as loose as its loosest service needs, and names each with its reason", () => {
    const model = kubernetesModelOf((shop) => {
      shop.service("root", { image, security: { user: 0, because: "owns the files" } });
      shop.service("agent", { image, hostMounts: [{ source: "/proc", path: "/host", because: "reads counters" }] });
      shop.service("tuned", { image, kernel: { sysctls: { "net.core.somaxconn": "512" } } });
      shop.service("strict", { image });
    });
    const { labels, annotations } = only(model.shared, "Namespace", "shop").metadata;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "privileged");
    assert.deepEqual(annotations?.["twofold.pod-security"]?.split("\n"), [
      "agent is privileged: reads counters",
      "root is baseline: owns the files",
      "tuned is privileged: sets kernel parameters",
    ]);
  });

  it("is not loosened for what is left out", () => {
    const model = kubernetesModelOf((shop) => void shop.service("root", { image, security: { user: 0, because } }), {
      resolveImage: () => ({ kind: "unavailable", because: "there is none" }),
    });
    const { labels, annotations } = only(model.shared, "Namespace", "shop").metadata;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(annotations, undefined);
  });
});
