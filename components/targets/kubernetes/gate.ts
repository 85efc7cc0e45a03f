import type { ServicePlan } from "../../core/plan-types";
import { podsName } from "../../core/pods-name";
import { imageName } from "../images";
import { type Around, isLasting } from "./around";
import { confined, diskUse } from "./confinement";
import { literal } from "./env";
import type { Container } from "./pod-model";

const script = `for name; do
  getent hosts "$name" >/dev/null || echo "waiting for $name: none of it is ready"
  until getent hosts "$name" >/dev/null; do sleep 1; done
done`;

/** What a service waits for each time that one of its pods starts. The end of a job leaves nothing that could be seen. */
function gatedOn({ waits }: ServicePlan, { services, omitted }: Around): readonly string[] {
  return waits
    .filter(({ service, until }) => {
      const provider = services.get(service);
      return until !== "completed" && provider !== undefined && isLasting(provider) && !omitted.has(service);
    })
    .map(({ service }) => service);
}

/**
 * The start gate: a container that ends when everything that the service waits for is ready. It holds whenever a pod starts,
 * not only in a deployment, and needs neither the cluster's API nor a token, because a headless name resolves only while
 * a pod behind it is ready. It has an image of its own, since many services' images bring no shell and no resolver.
 */
export function gateOf(service: ServicePlan, around: Around): readonly Container[] {
  const names = gatedOn(service, around).map(podsName);
  if (names.length === 0) return [];
  const { gateImage, resolveImage } = around.options;
  return [
    {
      name: "start-gate",
      image: imageName(gateImage, resolveImage(gateImage)),
      command: ["sh", "-c", literal(script), "start-gate"],
      args: names,
      resources: {
        requests: { cpu: "10m", memory: "16Mi", ...diskUse.requests },
        limits: { cpu: "100m", memory: "32Mi", ...diskUse.limits },
      },
      securityContext: confined,
    },
  ];
}
