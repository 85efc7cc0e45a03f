import type { ServicePlan } from "../../core/plan-types";
import { podsName } from "../../core/pods-name";
import type { Around } from "./around";
import { exemptionsOf } from "./exemptions";
import { goalOf, pauseOf } from "./goal";
import type { CronJobManifest, DeploymentManifest, JobManifest, JobSpec, StatefulSetManifest } from "./model";
import { metadataOf, selectorOf } from "./names";
import { podTemplate } from "./pod";
import { claimTemplatesOf } from "./storage";
import { strategyOf } from "./strategy";

/** What runs the pods of a service. */
export function workloadOf(
  service: ServicePlan,
  around: Around,
): DeploymentManifest | StatefulSetManifest | JobManifest | CronJobManifest {
  const metadata = { ...metadataOf(around, service.name), annotations: exemptionsOf(service) };
  switch (service.kind) {
    case "service":
      return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: deploymentSpec(service, around) };
    case "stateful":
      return { apiVersion: "apps/v1", kind: "StatefulSet", metadata, spec: statefulSetSpec(service, around) };
    case "job":
      return { apiVersion: "batch/v1", kind: "Job", metadata, spec: jobSpec(service, around) };
    case "cron":
      return { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: cronJobSpec(service, around) };
  }
}

function deploymentSpec(service: ServicePlan, around: Around): DeploymentManifest["spec"] {
  const minReadySeconds = pauseOf(service);
  return {
    ...(service.autoscale === undefined ? { replicas: service.replicas } : {}),
    selector: selectorOf(service.name),
    strategy: strategyOf(service),
    minReadySeconds,
    progressDeadlineSeconds: goalOf(service).withinSeconds,
    template: podTemplate(service, around),
  };
}

function statefulSetSpec(service: ServicePlan, around: Around): StatefulSetManifest["spec"] {
  return {
    replicas: service.replicas,
    serviceName: podsName(service.name),
    selector: selectorOf(service.name),
    // in order, a pod that never gets ready would keep its own correction from being rolled out
    podManagementPolicy: "Parallel",
    updateStrategy: { type: "RollingUpdate" },
    minReadySeconds: pauseOf(service),
    ...claimTemplatesOf(service, around),
    template: podTemplate(service, around),
  };
}

function jobSpec(service: ServicePlan, around: Around): JobSpec {
  const { policy, maxAttempts } = service.restart;
  const backoffLimit = policy === "never" ? 0 : maxAttempts;
  return {
    completions: service.replicas,
    parallelism: service.replicas,
    ...(backoffLimit === undefined ? {} : { backoffLimit }),
    template: podTemplate(service, around),
  };
}

function cronJobSpec(service: ServicePlan, around: Around): CronJobManifest["spec"] {
  const { schedule } = service;
  if (schedule === undefined) throw new Error(`${service.name} has no schedule, which the planner should have refused`);
  return {
    schedule,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    jobTemplate: { spec: jobSpec(service, around) },
  };
}
