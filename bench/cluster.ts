import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { defineSystem } from "../components";
import { renderOptions } from "../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../components/targets/kubernetes/render";
import { manifestsYaml } from "../components/targets/kubernetes/yaml";
import { run } from "../images/command";
import { ownCluster } from "../systems/cluster";
import { measure, type Sample } from "./process";
import type { Place } from "./rounds";
import { describe, renderingOptions } from "./system";
import { pulumiStack, type Tool } from "./tools";

const seconds = 300;

/** The cluster's programs are beside its kubeconfig. */
const env = {
  KUBECONFIG: ownCluster.kubeconfig,
  PATH: [join(dirname(ownCluster.kubeconfig), "bin"), process.env["PATH"]].join(delimiter),
};

const kubectl = (...args: readonly string[]): Promise<string> =>
  run("kubectl", ["--context", ownCluster.context, ...args], { env });

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), uid: z.string(), deletionTimestamp: z.string().optional() }),
      status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) }),
    }),
  ),
});

/** The cluster of this clone, where each tool has the namespace of its prefix. */
export const cluster: Place = {
  async healthy(namespace, expected) {
    const { items } = podList.parse(
      JSON.parse(await kubectl("get", "pods", "--namespace", namespace, "--output=json")),
    );
    const lasting = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const ready = lasting.filter(({ status }) =>
      status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    if (lasting.length === expected && ready.length === expected)
      return new Set(ready.map(({ metadata }) => metadata.uid));
    const names = lasting.map(({ metadata }) => metadata.name);
    throw new Error(
      `${namespace}: expected ${expected} pods that are ready, found ${ready.length} of ${names.join(", ")}`,
    );
  },
  async expectNothing(namespace) {
    const left = await kubectl("get", "namespace", namespace, "--ignore-not-found", "--output=name");
    if (left !== "") throw new Error(`${namespace}: left behind`);
  },
};

/** Removes the namespace of a tool with all that is in it. */
export async function removeNamespace(namespace: string): Promise<void> {
  await kubectl("delete", "namespace", namespace, "--ignore-not-found");
}

/** The version of the cluster. */
export async function clusterVersion(): Promise<string> {
  const { serverVersion } = z
    .object({ serverVersion: z.object({ gitVersion: z.string() }) })
    .parse(JSON.parse(await kubectl("version", "--output=json")));
  return `Kubernetes ${serverVersion.gitVersion}`;
}

/** What a person does with the manifests: apply them, and wait for the rollout of each workload. */
export function kubectlTool(folder: string, references: Readonly<Record<string, string>>): Tool {
  const prefix = "twofold-bench-kubectl";
  const file = join(folder, "manifests.yaml");
  const shell = (script: string): Promise<Sample> => measure({ program: "sh", args: ["-euc", script], folder, env });
  const context = `--context ${ownCluster.context}`;
  return {
    name: "kubectl apply and rollout status",
    prefix,
    up: (value) => {
      const plan = defineSystem("bench", (system) => describe(system, value, references)).plan();
      const model = renderKubernetes(plan, renderOptions(plan.name, renderingOptions(prefix, references)));
      writeFileSync(file, manifestsYaml(model, plan));
      const workloads = manifestsOf(model).flatMap(({ kind, metadata }) =>
        kind === "Deployment" || kind === "StatefulSet" ? [`${kind.toLowerCase()}/${metadata.name}`] : [],
      );
      const each = `for workload in ${workloads.join(" ")}; do kubectl ${context} rollout status --namespace ${prefix} --timeout ${seconds}s "$workload"; done`;
      return shell(`kubectl ${context} apply -f manifests.yaml\n${each}`);
    },
    down: () => shell(`kubectl ${context} delete -f manifests.yaml`),
  };
}

/** `pulumi up` on the cluster, with a state of its own in `folder`. */
export async function twofoldOnCluster(folder: string, references: Readonly<Record<string, string>>): Promise<Tool> {
  const prefix = "twofold-bench-cluster";
  const settings = { prefix, isolation: "connection", cluster: { ...ownCluster }, references } as const;
  const pulumi = await pulumiStack("bench-cluster", folder, settings);
  return {
    name: "Twofold",
    prefix,
    up: (value) => pulumi(["up", "--yes", "--skip-preview"], value),
    down: () => pulumi(["destroy", "--yes", "--skip-preview"]),
  };
}
