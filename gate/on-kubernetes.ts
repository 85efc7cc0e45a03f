import type { ServicePlan } from "../components/core/plan-types";
import type { Cluster, WorkloadKind } from "../components/targets/kubernetes/cluster";
import { containerKey, isUp } from "../components/targets/kubernetes/judge";
import type { Pod, Workload } from "../components/targets/kubernetes/live";
import { type Look, together } from "./look";

/** What runs the pods of a service; one that works by its schedule need not run. */
const workloads: Readonly<Record<ServicePlan["kind"], WorkloadKind | undefined>> = {
  service: "Deployment",
  stateful: "StatefulSet",
  job: "Job",
  cron: undefined,
};

/** Looks at the workloads of services in a namespace. */
export async function lookAtWorkloads(
  cluster: Pick<Cluster, "workload" | "pods">,
  namespace: string,
  services: readonly ServicePlan[],
): Promise<Look> {
  const looks = services.map(async ({ name, kind }): Promise<Look> => {
    const workload = workloads[kind];
    if (workload === undefined) return together([]);
    const [found, pods] = await Promise.all([
      cluster.workload(workload, namespace, name),
      cluster.pods(namespace, name),
    ]);
    const trouble = found === undefined ? "is not there" : troubleOf(workload, found);
    return {
      troubles: trouble === undefined ? [] : [`${namespace}/${name} ${trouble}`],
      restarts: new Map(pods.flatMap(restartsOf)),
    };
  });
  return together(await Promise.all(looks));
}

function troubleOf(kind: WorkloadKind, workload: Workload): string | undefined {
  if (isUp(kind, workload)) return undefined;
  const { spec, status } = workload;
  if (kind === "Job") return `has completed ${status.succeeded} of ${spec.completions} times`;
  return `has ${status.readyReplicas} of ${spec.replicas} pods ready, ${status.updatedReplicas} of them new`;
}

function restartsOf(pod: Pod): readonly (readonly [string, number])[] {
  return pod.status.containerStatuses.map((each) => [containerKey(pod, each), each.restartCount]);
}
