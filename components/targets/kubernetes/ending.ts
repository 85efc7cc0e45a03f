import { setTimeout as sleep } from "node:timers/promises";
import { DescriptionError } from "../../core/errors";
import type { Cluster } from "./cluster";
import type { Metadata } from "./live";

const pollMilliseconds = 500;
/** How long they may take to end. */
const endingMilliseconds = 60_000;

/** Kinds outside of all namespaces that take their time to end, with everything that is in them or of them. */
export type Ending = "namespace" | "customresourcedefinition";

/**
 * Waits until the objects of these names that are being deleted are gone, as after a run that was ended in the middle: what is
 * made in their place meanwhile would go with them.
 */
export async function awaitEnd(cluster: Cluster, kind: Ending, names: readonly string[]): Promise<void> {
  const begin = Date.now();
  for (;;) {
    const ending = (await present(cluster, kind, names)).filter(isEnding);
    if (ending.length === 0) return;
    if (Date.now() - begin > endingMilliseconds)
      throw new DescriptionError(
        `cluster of the context ${cluster.context}`,
        ending.map(({ name }) => ({
          path: `${kind} ${name}`,
          given: "is being deleted, and does not end",
          remedy: `see what holds it: ${cluster.kubectl} get ${kind} ${name} -o yaml`,
        })),
      );
    await sleep(pollMilliseconds);
  }
}

/** The objects of these names that are there, also those that are about to end. */
export async function present(cluster: Cluster, kind: Ending, names: readonly string[]): Promise<readonly Metadata[]> {
  if (kind === "namespace")
    return (await Promise.all(names.map((name) => cluster.namespace(name)))).filter((found) => found !== undefined);
  const definitions = await cluster.objects("apiextensions.k8s.io/v1", "customresourcedefinitions");
  return definitions.filter(({ name }) => names.includes(name));
}

/** Whether an object is being deleted, and so as good as gone. */
export const isEnding = ({ deletionTimestamp }: Metadata): boolean => deletionTimestamp !== undefined;
