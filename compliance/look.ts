import { inputsOfReal } from "../drift/docker-real";
import { clustersOf, liveObject } from "../drift/cluster";
import { containerAt, engineOf, found } from "../drift/engine";
import { objectOf } from "../drift/kubernetes";
import { type Resource as Made, resourcesIn } from "../drift/state";
import { at, isRecord, itemsAt, textAt } from "../policy/facts/plain";
import type { Resource, Stack } from "../policy/facts/stack";
import { resourceOf, resourcesIn as statesIn } from "../policy/facts/state";

/**
 * The resources that the next up would have made, of the output of `pulumi preview --json --show-sames`. It has no outputs of
 * components: what they say of the description is that of the last run.
 */
export function plannedIn(preview: string, exported: string): Stack {
  const steps = itemsAt(JSON.parse(preview), "steps").filter((step) => isRecord(at(step, "newState")));
  // a replacement is a step of its own for each of its parts
  const latest = new Map(steps.map((step) => [String(textAt(step, "urn")), at(step, "newState")]));
  const last = new Map(statesIn(JSON.parse(exported)).map(({ urn, outputs }) => [urn, outputs]));
  return {
    resources: [...latest.values()]
      .map(resourceOf)
      .map((resource) => ({ ...resource, outputs: resource.outputs ?? last.get(resource.urn) })),
  };
}

/** The same resources as they really are; what is missing is left out. */
export async function runningOf(exported: string, environment: NodeJS.ProcessEnv): Promise<Stack> {
  const made = new Map(resourcesIn(exported).map((resource) => [resource.urn, resource]));
  const docker = engineOf([...made.values()]);
  const clusters = clustersOf([...made.values()], environment);
  const inputsOf = async (resource: Made): Promise<unknown> => {
    const object = objectOf(resource);
    if (object !== undefined) return withoutNotes(await liveObject(object, clusters(resource)));
    const { type, id, inputs } = resource;
    const name = String(inputs["name"]);
    switch (type) {
      case "docker:index/container:Container": {
        const there = await containerAt(docker, id, name);
        // what only the provider is told, such as how long it waits for an end, no engine knows
        return there && { ...inputs, ...inputsOfReal(there.real, there.ofImage), imageBytes: there.imageBytes };
      }
      case "docker:index/network:Network": {
        const real = await found(docker.getNetwork(id).inspect());
        return real && { ...inputs, internal: real.Internal, options: real.Options };
      }
      case "docker:index/volume:Volume":
        return (await found(docker.getVolume(id).inspect())) && inputs;
      default:
        return inputs;
    }
  };
  const resources = await Promise.all(
    statesIn(JSON.parse(exported)).map(async (resource): Promise<readonly Resource[]> => {
      const own = made.get(resource.urn);
      if (own === undefined) return [resource];
      const inputs = await inputsOf(own);
      return inputs === undefined ? [] : [{ ...resource, inputs }];
    }),
  );
  return { resources: resources.flat() };
}

/** An object without what the cluster has noted about it. */
function withoutNotes(live: unknown): unknown {
  if (!isRecord(live)) return undefined;
  const { status: _, metadata, ...rest } = live;
  const { managedFields: __, ...kept } = isRecord(metadata) ? metadata : {};
  return { ...rest, metadata: kept };
}
