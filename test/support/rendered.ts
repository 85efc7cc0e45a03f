import assert from "node:assert/strict";
import type { SystemPlan } from "../../components/core/plan-types";
import { renderOptions as dockerOptions } from "../../components/targets/docker/docker";
import type { ContainerModel } from "../../components/targets/docker/model";
import { renderDocker } from "../../components/targets/docker/render";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";

const resolveImage = () => ({ kind: "image", reference: "built:1" }) as const;

/** What the engine is given for the first container of a service. */
export function containerOf(plan: SystemPlan, service: string): ContainerModel["args"] {
  const { services } = renderDocker(plan, dockerOptions(plan.name, { resolveImage }));
  const found = services.find(({ name }) => name === service)?.containers[0]?.args;
  assert.ok(found !== undefined, `${service} has no container`);
  return found;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly strategy?: object;
    readonly template?: { readonly spec: PodSpec };
    readonly ports?: readonly object[];
  };
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly restartPolicy?: string;
  readonly containers: readonly Readonly<Record<string, unknown>>[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
}

/** What the cluster is given. */
function manifestsFor(plan: SystemPlan): readonly Manifest[] {
  return manifestsOf(renderKubernetes(plan, renderOptions(plan.name, { resolveImage }))) as readonly Manifest[];
}

/** One of that; fails when it is not there. */
export function manifestOf(plan: SystemPlan, kind: string, name: string): Manifest {
  const found = manifestsFor(plan).find((each) => each.kind === kind && each.metadata.name === name);
  assert.ok(found !== undefined, `there is no ${kind} ${name}`);
  return found;
}

/** The pods of a service. */
export function podOf(plan: SystemPlan, kind: "Deployment" | "StatefulSet", service: string): PodSpec {
  const { template } = manifestOf(plan, kind, service).spec;
  assert.ok(template !== undefined);
  return template.spec;
}
