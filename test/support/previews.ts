import { gapsOf } from "../../components/core/gaps";
import { outlineOfService, outlineOfSystem } from "../../components/core/outline";
import type { SystemPlan } from "../../components/core/plan-types";
import type { SystemBuilder } from "../../components/core/system";
import type { Value } from "../../components/core/value";
import { renderOptions } from "../../components/targets/docker/docker";
import type { ServiceModel } from "../../components/targets/docker/model";
import { renderDocker } from "../../components/targets/docker/render";
import { support as dockerSupport } from "../../components/targets/docker/support";
import type { Manifest } from "../../components/targets/kubernetes/model";
import { renderOptions as kubernetesRenderOptions } from "../../components/targets/kubernetes/options";
import { renderKubernetes } from "../../components/targets/kubernetes/render";
import { support as kubernetesSupport } from "../../components/targets/kubernetes/support";
import type { Collected } from "../../report/events";
import { reportOf } from "../../report/report";
import type { Report, StackReport } from "../../report/schema";
import { readSettings } from "../../report/settings";
import { type Item, previewEvents, secret } from "./engine-events";
import { planOf } from "./plans";

type Describe = (system: SystemBuilder) => void;
type Target = "docker" | "kubernetes";

/** Resources that a description becomes on a target, with the components above them. */
export function itemsOf(describe: Describe | undefined, target: Target): readonly Item[] {
  if (describe === undefined) return [];
  const plan = planOf(describe);
  const parity = target === "docker" ? dockerSupport : kubernetesSupport;
  const outputs = { target, gaps: gapsOf(plan, parity), omitted: {}, outline: outlineOfSystem(plan) };
  return [
    { ...system, component: true, inputs: {}, outputs },
    ...plan.services.map((service): Item => {
      const component = { ...serviceComponent(service.name), parent: system, component: true };
      return { ...component, inputs: {}, outputs: { outline: outlineOfService(service) } };
    }),
    ...(target === "docker" ? dockerItems(plan) : kubernetesItems(plan)),
  ];
}

const system = { type: "twofold:index:System", name: "shop" };
const serviceComponent = (name: string) => ({ type: "twofold:index:Service", name: `shop-${name}` });

function dockerItems(plan: SystemPlan): readonly Item[] {
  const model = renderDocker(plan, renderOptions("shop", {}));
  return [
    ...model.networks.map(
      ({ name, internal, subnet }): Item => ({
        ...{ type: "docker:index/network:Network", name, parent: system },
        inputs: { name, internal, ipamConfigs: [{ subnet }] },
      }),
    ),
    ...model.services.flatMap(dockerServiceItems),
  ];
}

function dockerServiceItems({ name: service, volumes, containers }: ServiceModel): readonly Item[] {
  const parent = serviceComponent(service);
  return [
    ...volumes.map(
      ({ name, keep }): Item => ({
        ...{ type: "docker:index/volume:Volume", name, parent },
        ...{ inputs: { name }, retainOnDelete: keep },
      }),
    ),
    ...containers.map(({ name, args, env, volumes: mounts }): Item => {
      const envs = Object.entries(env).map(([key, value]) => clear(value, `${key}=`));
      const named = Object.entries(mounts).map(([containerPath, volumeName]) => ({ containerPath, volumeName }));
      const inputs = { ...args, name, envs, volumes: [...named, ...(args.volumes ?? [])] };
      return { type: "docker:index/container:Container", name, parent, inputs };
    }),
  ];
}

/** A value with what is before it, or a secret in its place. */
function clear(value: Value, before: string): unknown {
  return typeof value === "string" ? `${before}${value}` : secret;
}

function kubernetesItems(plan: SystemPlan): readonly Item[] {
  const model = renderKubernetes(
    plan,
    kubernetesRenderOptions("shop", { ingress: { domain: "shop.example.com", tls: true, namespace: "ingress" } }),
  );
  return [
    ...model.shared.map((manifest) => manifestItem(manifest, system)),
    ...model.services.flatMap(({ name, manifests }) =>
      manifests.map((manifest) => manifestItem(manifest, serviceComponent(name))),
    ),
  ];
}

function manifestItem(manifest: Manifest, parent: Item["parent"]): Item {
  const { apiVersion, kind, metadata } = manifest;
  const version = apiVersion === "v1" ? "core/v1" : apiVersion;
  return {
    ...{ type: `kubernetes:${version}:${kind}`, name: kind === "Namespace" ? "shop" : `shop-${metadata.name}`, parent },
    inputs: manifest.kind === "Secret" ? { ...manifest, stringData: secret } : { ...manifest },
    retainOnDelete: metadata.annotations?.["twofold.keep"] === "true",
    replaces: kind === "PersistentVolumeClaim" || kind === "Job",
  };
}

/** The preview of a stack whose system is described in one way before and in another after. */
export function previewOf(
  before: Describe | undefined,
  after: Describe | undefined,
  target: Target = "docker",
  stack = "dev",
): Collected {
  return { stack, events: previewEvents(itemsOf(before, target), itemsOf(after, target)) };
}

/** When reports of tests are made, and of what. */
export const run = {
  ...{ project: "shop", createdAt: "2026-01-02T03:04:05.000Z", commit: "0123456789abcdef0123456789abcdef01234567" },
  ...{ runUrl: "https://github.com/acme/shop/actions/runs/7", settings: readSettings({}) },
} as const;

export function reported(...previews: readonly Collected[]): Report {
  return reportOf(previews, run);
}

/** What is reported of the only stack of a preview. */
export function stackOf(preview: Collected): StackReport {
  const [stack] = reported(preview).stacks;
  if (stack === undefined) throw new Error("there is no stack");
  return stack;
}
