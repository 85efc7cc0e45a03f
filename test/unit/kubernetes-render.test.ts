import assert from "node:assert/strict";
import { image, kubernetesModelOf, manifestsOfService, named, podOf } from "../support/kubernetes";

describe("a system on Kubernetes", () => {
  it("refuses every name, file, port and namespace that cannot be had, at once", () => {
    const describe = () =>
      kubernetesModelOf(
        (shop) => {
          shop.service("default", {
            image,
            ports: { http: { number: 80, exposure: "public" } },
            files: [
              { path: "/proc/x", content: "" },
              { path: "/etc/x/big", content: "ä".repeat(600_000) },
            ],
          });
        },
        { namespace: "kube-system" },
      );
    assert.throws(describe, {
      name: "DescriptionError",
      message: [
        "system shop on kubernetes: 5 problems",
        "  namespace: is kube-system, which belongs to the cluster; name the system otherwise, or set a prefix",
        "  services.default: has the name of every namespace's own service account; give the service another name",
        "  services.default.files: has /proc/x, where Kubernetes cannot put a file; put it into a folder of its own, such as /etc/app or /run/secrets",
        "  services.default.files: are 1200000 bytes together, and one ConfigMap or Secret holds 1048576; put large files into the image",
        "  services.default.ports.http.exposure: is public, and there is no domain to reach it by; set the domain of the ingress, or make the port loopback",
      ].join("\n"),
    });
  });

  it("leaves out what has no image, and says why", () => {
    const resolveImage = () => ({ kind: "unavailable", because: "there is no build for it" }) as const;
    const model = kubernetesModelOf((shop) => void shop.service("api", { image }), { resolveImage });
    assert.equal(model.services[0]?.omitted, "there is no build for it");
    assert.deepEqual(named(model.services[0]?.manifests ?? [], "Deployment"), ["api"]);
    assert.deepEqual(named(manifestsOfService({}, { resolveImage }), "Deployment"), []);
  });

  it("takes images as the resolver names them, and refuses builds without one", () => {
    const build = { build: { context: "./api" } };
    const resolveImage = () => ({ kind: "image", reference: "local/api:abc" }) as const;
    assert.equal(podOf({ image: build }, { resolveImage }).containers[0].image, "local/api:abc");
    assert.throws(
      () => podOf({ image: build }),
      /kubernetes target: .*\n.*nothing here builds images; give kubernetes\(/,
    );
  });
});
