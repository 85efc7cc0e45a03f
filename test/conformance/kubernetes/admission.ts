import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import type { Scene } from "../scene";
import { cluster } from "./cluster";
import { placeOf } from "./live-kubernetes";

/** What the cluster itself lets a system do. */
export function admission(scene: Scene): void {
  describe("admission", () => {
    scene.behaviour("security", "has a namespace that admits restricted pods alone", async (deployment) => {
      const { namespace } = placeOf((await deployment.inside("client")).instance);
      const pod = { metadata: { name: "intruder" }, spec: { containers: [{ name: "it", image: "none:0" }] } };
      await assert.rejects(
        () => cluster().core.createNamespacedPod({ namespace, body: pod, dryRun: "All" }),
        (error) =>
          error instanceof ApiException &&
          error.code === 403 &&
          /violates PodSecurity \W*restricted/.test(error.message),
      );
    });

    scene.behaviour("security", "gives no process a token for the cluster's API", async (deployment) => {
      for (const service of ["client", "store"]) {
        const inside = await deployment.inside(service);
        assert.notEqual((await inside.try("ls", "/var/run/secrets/kubernetes.io")).code, 0, service);
      }
    });
  });
}
