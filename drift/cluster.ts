import { z } from "zod";
import { objectPath, pluralOf } from "../components/targets/kubernetes/api-paths";
import { connect, type Read } from "../components/targets/kubernetes/client";
import { readKubeconfig } from "../components/targets/kubernetes/kubeconfig";
import type { Made } from "./kubernetes";
import type { Resource } from "./state";

/** An object as the API gives it; nothing when it is not there. */
export async function liveObject({ apiVersion, kind, metadata }: Made, read: Read): Promise<unknown> {
  const answer = await read(objectPath(apiVersion, pluralOf(kind), metadata.namespace, metadata.name));
  return answer === undefined ? undefined : JSON.parse(answer);
}

const providerInputs = z.object({ context: z.string(), kubeconfig: z.string() });

/** The cluster of each resource, through the access that its provider has. */
export function clustersOf(
  resources: readonly Resource[],
  environment: NodeJS.ProcessEnv,
): (resource: Resource) => Read {
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
