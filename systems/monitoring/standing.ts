import { definitionNames } from "../../components/monitoring/cluster/crds";
import { agentNamespace } from "../../components/monitoring/cluster/options";
import { DescriptionError } from "../../components/core/errors";
import { type Cluster, connectCluster } from "../../components/targets/kubernetes/cluster";
import { UnreachableError } from "../../components/targets/kubernetes/client";
import { awaitEnd, type Ending, isEnding, present } from "../../components/targets/kubernetes/ending";
import { type ClusterChoice, readKubeconfig } from "../../components/targets/kubernetes/kubeconfig";
import type { Metadata } from "../../components/targets/kubernetes/live";
import { stackAnnotation } from "../../components/targets/kubernetes/names";

/** What a cluster has of monitoring before a stack is deployed. */
export interface Standing {
  /** Whose it is: another stack, with its name. @default - nobody's yet, or this stack's own */
  readonly other?: string;
  /** Definitions of the operator's kinds that somebody else has brought. */
  readonly foreignDefinitions: readonly string[];
}

interface Asking {
  readonly namespace: string;
  readonly stack: string;
  /** Whether something is about to be made, and so has to wait for what is being deleted. */
  readonly wait: boolean;
  readonly tell: (line: string) => void;
}

/** Asks the cluster. Where it does not answer, nothing is known of it, and a preview shows what would be made. */
export async function standingOf(choice: ClusterChoice, { namespace, stack, wait, tell }: Asking): Promise<Standing> {
  try {
    const cluster = connectCluster(choice, readKubeconfig(choice, process.env));
    if (wait)
      await Promise.all([
        awaitEnd(cluster, "namespace", [namespace, agentNamespace(namespace)]),
        awaitEnd(cluster, "customresourcedefinition", definitionNames),
      ]);
    return await standing(cluster, namespace, stack);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    tell(error.message);
    return { foreignDefinitions: [] };
  }
}

/** What the answers mean. Throws a `DescriptionError` when the namespace is somebody's who has nothing to do with this. */
export async function standing(cluster: Cluster, namespace: string, stack: string): Promise<Standing> {
  const staying = async (kind: Ending, names: readonly string[]): Promise<readonly Metadata[]> =>
    (await present(cluster, kind, names)).filter((found) => !isEnding(found));
  const [[place], definitions] = await Promise.all([
    staying("namespace", [namespace]),
    staying("customresourcedefinition", definitionNames),
  ]);
  const foreignDefinitions = definitions
    .filter(({ annotations }) => annotations[stackAnnotation] !== stack)
    .map(({ name }) => name);
  const whose = place?.annotations[stackAnnotation];
  if (place === undefined || whose === stack) return { foreignDefinitions };
  if (whose !== undefined) return { other: whose, foreignDefinitions };
  throw new DescriptionError(`cluster of the context ${cluster.context}`, [
    {
      path: `namespace ${namespace}`,
      given: "exists already, and belongs to nobody that is known here",
      remedy: `set clusterMonitoring.deploy to false where it is the cluster's monitoring, kubernetes.monitoringNamespace to another name, or hand it over to this stack (${cluster.kubectl} annotate namespace ${namespace} ${stackAnnotation}=${stack})`,
    },
  ]);
}
