import { existsSync } from "node:fs";
import { join } from "node:path";
import { DescriptionError } from "../components/core/errors";
import type { ClusterChoice } from "../components/targets/kubernetes/kubeconfig";
import type { StackConfig } from "../config/stack";

/** What `make cluster` writes for the cluster of this clone. */
export const ownCluster = {
  context: "twofold",
  kubeconfig: join(__dirname, "../.twofold/cluster/kubeconfig"),
} satisfies ClusterChoice;

/** The cluster of a stack: the one that its configuration names, else that of this clone. */
export function chooseCluster({ kubeContext }: Pick<StackConfig, "kubeContext">): ClusterChoice {
  if (kubeContext !== undefined) return { context: kubeContext };
  if (existsSync(ownCluster.kubeconfig)) return ownCluster;
  throw new DescriptionError("configuration of the stack", [
    {
      path: "kubeContext",
      given: "is not set, and this clone has no cluster of its own",
      remedy: "run make cluster, or pulumi config set kubeContext with a context of your kubeconfig",
    },
  ]);
}
