import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DescriptionError } from "../components/core/errors";
import type { ClusterChoice } from "../components/targets/kubernetes/kubeconfig";
import type { StackConfig } from "../config/stack";

const { TWOFOLD_CLUSTER: name = "" } = process.env;
const folder = join(__dirname, "../.twofold", name === "" ? "cluster" : `cluster-${name}`);

/** What `make cluster` writes for the cluster of this clone, or for that of several which TWOFOLD_CLUSTER names. */
export const ownCluster = { context: "twofold", kubeconfig: join(folder, "kubeconfig") } satisfies ClusterChoice;

/** The address of that cluster's node, and of its ingress controller. */
export const ownClusterAddress = (): string => readFileSync(join(folder, "run/address"), "utf8").trim();

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
