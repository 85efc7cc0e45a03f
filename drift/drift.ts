import Docker from "dockerode";
import { z } from "zod";
import { objectPath, plurals } from "../components/targets/kubernetes/api-paths";
import { connect, type Read } from "../components/targets/kubernetes/client";
import { readKubeconfig } from "../components/targets/kubernetes/kubeconfig";
import { engineFinding, networksIn } from "./engine";
import type { Finding } from "./finding";
import { type Made, objectFinding, objectOf, scaledIn } from "./kubernetes";
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

async function liveObject({ apiVersion, kind, metadata }: Made, read: Read): Promise<unknown> {
  const plural = (plurals as Readonly<Record<string, string>>)[kind];
  if (plural === undefined) throw new Error(`${kind} ${metadata.name}: there is no rule for objects of this kind`);
  const answer = await read(objectPath(apiVersion, plural, metadata.namespace, metadata.name));
  return answer === undefined ? undefined : JSON.parse(answer);
}

const providerInputs = z.object({ context: z.string(), kubeconfig: z.string() });

/** The cluster of each resource, through the access that its provider has. */
function clustersOf(resources: readonly Resource[], environment: NodeJS.ProcessEnv): (resource: Resource) => Read {
  const reads = new Map(
    resources
      .filter(({ type }) => type === "pulumi:providers:kubernetes")
      .map(({ urn, id, inputs }): [string, Read] => {
        const choice = providerInputs.parse(inputs);
        return [`${urn}::${id}`, connect(readKubeconfig(choice, environment))];
      }),
  );
  return ({ provider, urn }) => {
    const read = reads.get(provider);
    if (read === undefined) throw new Error(`${urn}: its provider ${provider} is not in the state`);
    return read;
  };
}

/** The engine that the provider names, else that of the environment. */
export function engineOf(resources: readonly Resource[]): Docker {
  const [host] = resources.flatMap(({ type, inputs }) =>
    type === "pulumi:providers:docker" && typeof inputs["host"] === "string" ? [inputs["host"]] : [],
  );
  if (host === undefined) return new Docker();
  if (host.startsWith("unix://")) return new Docker({ socketPath: host.slice("unix://".length) });
  const { hostname, port } = new URL(host);
  return new Docker({ host: hostname, port });
}
