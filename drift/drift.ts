import { clustersOf, liveObject } from "./cluster";
import { engineFinding, engineOf, networksIn } from "./engine";
import type { Finding } from "./finding";
import { objectFinding, objectOf, scaledIn } from "./kubernetes";
import type { Resource } from "./state";

/** How many things are asked for at once. */
const atOnce = 16;

/** Everything that is really there and not as a state says that it was made, in the state's order. */
export async function findDrift(
  resources: readonly Resource[],
  environment: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const docker = engineOf(resources);
  const clusters = clustersOf(resources, environment);
  const scaled = scaledIn(resources);
  const networks = networksIn(resources);
  const look = async (resource: Resource): Promise<Finding | undefined> => {
    const made = objectOf(resource);
    if (made === undefined) return engineFinding(docker, resource, networks);
    return objectFinding(resource.urn, made, await liveObject(made, clusters(resource)), scaled);
  };
  const findings: (Finding | undefined)[] = [];
  for (let next = 0; next < resources.length; next += atOnce)
    findings.push(...(await Promise.all(resources.slice(next, next + atOnce).map(look))));
  return findings.filter((finding) => finding !== undefined);
}
