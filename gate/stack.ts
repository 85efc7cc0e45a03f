import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { SystemPlan } from "../components/core/plan-types";
import { connectEngine, engineHost } from "../components/targets/docker/engine";
import { connectCluster } from "../components/targets/kubernetes/cluster";
import { readKubeconfig } from "../components/targets/kubernetes/kubeconfig";
import { shortened } from "../components/targets/names";
import type { StackConfig } from "../config/stack";
import { chooseCluster } from "../systems/cluster";
import { planSystems } from "../systems/plan";
import { prefixed } from "../systems/prefix";
import { addressesIn, ask, type Way } from "./addresses";
import { type Look, together } from "./look";
import { lookAtContainers } from "./on-docker";
import { lookAtWorkloads } from "./on-kubernetes";

/** What of a stack's outputs says where it is to be looked at. */
export const outputsSchema = z.object({
  addresses: z.record(z.string(), z.record(z.string(), z.string())),
  omitted: z.record(z.string(), z.record(z.string(), z.string())),
});

type Services = (plan: SystemPlan) => Promise<Look>;

/** A look at all systems of a stack: every service that it has, and every address that its outputs name. */
export function stackLook(config: StackConfig, outputs: z.output<typeof outputsSchema>): () => Promise<Look> {
  const services = config.target === "docker" ? onDocker(config) : onKubernetes(config);
  const way = wayTo(config);
  const chosen = planSystems(config).map(({ plan }) => withoutOmitted(plan, outputs.omitted[plan.name] ?? {}));
  return async () =>
    together(
      await Promise.all(
        chosen.flatMap((plan) => [services(plan), lookAtAddresses(outputs.addresses[plan.name] ?? {}, plan, way)]),
      ),
    );
}

function withoutOmitted(plan: SystemPlan, omitted: Readonly<Record<string, string>>): SystemPlan {
  return { ...plan, services: plan.services.filter(({ name }) => !Object.hasOwn(omitted, name)) };
}

async function lookAtAddresses(output: Readonly<Record<string, string>>, plan: SystemPlan, way: Way): Promise<Look> {
  const answers = await Promise.all(addressesIn(output, plan).map((address) => ask(address, way)));
  return { troubles: answers.filter((answer) => answer !== undefined), restarts: new Map() };
}

function onDocker(config: StackConfig): Services {
  const engine = connectEngine(engineHost(process.env), process.env);
  return ({ name, services }) => lookAtContainers(engine, prefixed(name, config), services);
}

function onKubernetes(config: StackConfig): Services {
  const choice = chooseCluster(config);
  const cluster = connectCluster(choice, readKubeconfig(choice, process.env));
  return ({ name, services }) => lookAtWorkloads(cluster, shortened(prefixed(name, config)), services);
}

/** The names of the node of make cluster are known to nobody, and neither is its ingress controller's authority. */
function wayTo({ target, kubeContext, kubernetes }: StackConfig): Way {
  if (target !== "kubernetes" || kubeContext !== undefined) return { anyCertificate: false };
  const ip = readFileSync(join(__dirname, "../.twofold/cluster/run/address"), "utf8").trim();
  return { ip, anyCertificate: kubernetes.tlsSecret === undefined };
}
