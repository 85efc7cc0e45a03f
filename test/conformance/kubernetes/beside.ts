import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { eventually } from "../eventually";
import type { Instance } from "../live-target";
import type { Cluster } from "./cluster";
import { placeOf } from "./live-kubernetes";

/** Seconds in which a node has to get the image, run it and say how it ended. */
const patience = 90;

/**
 * What a command of an image prints that runs in the network of a pod: as a container that is added to the pod for a look, and
 * is as confined as any other. It stays in the pod's description until the pod goes.
 */
export async function besidePod(
  { core }: Cluster,
  image: string,
  instance: Instance,
  command: readonly string[],
): Promise<string> {
  const { namespace, name } = placeOf(instance);
  const container = `look-${randomBytes(4).toString("hex")}`;
  const look = {
    name: container,
    image,
    command: [...command],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 10_001,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
  await core.patchNamespacedPodEphemeralcontainers(
    { namespace, name, body: { spec: { ephemeralContainers: [look] } } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
  const code = await eventually(async () => {
    const { status } = await core.readNamespacedPod({ namespace, name });
    const ended = status?.ephemeralContainerStatuses?.find((each) => each.name === container)?.state?.terminated;
    assert.ok(ended !== undefined, `${container} in ${namespace}/${name} has not ended`);
    return ended.exitCode;
  }, patience);
  const log = await core.readNamespacedPodLog({ namespace, name, container });
  assert.equal(code, 0, `${command[0] ?? ""} beside ${namespace}/${name} ended with ${code}: ${log}`);
  return log;
}
