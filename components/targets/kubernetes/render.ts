import { canonical, sortBy } from "../../core/canonical";
import { DescriptionError, type Problem } from "../../core/errors";
import type { ServicePlan, SystemPlan } from "../../core/plan-types";
import { fileProblems } from "../file-problems";
import { type Around, aroundOf } from "./around";
import { autoscalerOf } from "./autoscale";
import { configOf, configProblems } from "./config";
import { disruptionBudgetOf } from "./disruption";
import { goalOf } from "./goal";
import { addressesOf, forwardsOf, ingressOf, ingressProblems } from "./ingress";
import { type KubernetesModel, kinds, type Manifest, type ServiceModel } from "./model";
import { namespaceOf, namespaceProblems } from "./namespace";
import { policyOf, sharedPolicies } from "./network-policy";
import { dashboardsOf, monitorOf, rulesOf } from "./monitors";
import type { RenderOptions } from "./options";
import { accountOf, servicesOf } from "./service";
import { claimProblems, claimsOf } from "./storage";
import { workloadOf } from "./workload";

/** Turns a plan into Kubernetes objects. Throws a `DescriptionError` with everything that cannot be had here. */
export function renderKubernetes(plan: SystemPlan, options: RenderOptions): KubernetesModel {
  const around = aroundOf(plan, options);
  const problems = [
    ...namespaceProblems(around),
    ...claimProblems(around),
    ...plan.services.flatMap((service) => problemsOf(service, around)),
  ];
  if (problems.length > 0) throw new DescriptionError(`system ${plan.name} on kubernetes`, problems);
  return canonical({
    system: plan.name,
    namespace: options.namespace,
    shared: inOrder([namespaceOf(around), ...sharedPolicies(around), ...dashboardsOf(around)]),
    services: plan.services.map((service) => renderService(service, around)),
  });
}

function renderService(service: ServicePlan, around: Around): ServiceModel {
  const omitted = around.omitted.get(service.name);
  return {
    name: service.name,
    ...(omitted === undefined ? {} : { omitted }),
    manifests: inOrder([
      accountOf(service, around),
      ...configOf(service, around),
      ...claimsOf(service, around),
      ...servicesOf(service, around),
      ...policyOf(service, around),
      workloadOf(service, around),
      ...autoscalerOf(service, around),
      ...disruptionBudgetOf(service, around),
      ...ingressOf(service, around),
      ...monitorOf(service, around),
      ...rulesOf(service, around),
    ]),
    waits: service.waits,
    goal: goalOf(service),
    addresses: addressesOf(service, around),
    forwards: forwardsOf(service),
  };
}

/** In the order in which they are to be applied: by kind, and then by name. */
function inOrder(manifests: readonly Manifest[]): readonly Manifest[] {
  const place = ({ kind }: Manifest): string => String(kinds.indexOf(kind)).padStart(2, "0");
  return sortBy(manifests, (manifest) => `${place(manifest)} ${manifest.metadata.name}`);
}

/** Every object that can be made, in the order in which they are to be applied. */
export function manifestsOf({ shared, services }: KubernetesModel): readonly Manifest[] {
  const present = services.filter(({ omitted }) => omitted === undefined);
  return inOrder([...shared, ...present.flatMap(({ manifests }) => manifests)]);
}

function problemsOf(service: ServicePlan, around: Around): readonly Problem[] {
  return [
    ...nameProblems(service),
    ...fileProblems(service, "Kubernetes"),
    ...configProblems(service, around),
    ...ingressProblems(service, around),
  ];
}

/** The name of every namespace's own service account. */
function nameProblems({ name }: ServicePlan): readonly Problem[] {
  if (name !== "default") return [];
  const given = "has the name of every namespace's own service account";
  return [{ path: `services.${name}`, given, remedy: "give the service another name" }];
}
