import * as pulumi from "@pulumi/pulumi";
import { sorted } from "../names";
import { resolveValue } from "../resolve-value";
import type { Scope } from "../target";
import type { Surroundings } from "./bring-up";
import type { DeploymentManifest, Manifest, SecretManifest, ServiceModel } from "./model";
import { ownerLabel, stackAnnotation } from "./names";
import { keepAnnotation } from "./storage";

/** What the objects of one system are made with, and what was made so far. */
export interface Context extends Surroundings {
  readonly provider: pulumi.ProviderResource;
  /** As `project/stack`. */
  readonly stack: string;
  /** Tells this deployment from all others. Known when the cluster was looked at, and can take the system. */
  readonly owner: pulumi.Output<string>;
  /** What runs the pods of each service. */
  readonly workloads: Map<string, pulumi.CustomResource>;
}

/**
 * An object of the cluster. The SDK has a class for each kind, which would add to this only their types, and the model has
 * those already; the names of Pulumi's types follow from what an object says of itself.
 */
export class KubernetesObject extends pulumi.CustomResource {
  constructor(
    name: string,
    manifest: { readonly apiVersion: string; readonly kind: string },
    opts: pulumi.CustomResourceOptions,
  ) {
    const { apiVersion, kind } = manifest;
    super(`kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`, name, manifest, opts);
  }
}

/** Makes one object of a service, or of the system as a whole. */
export function makeObject(
  manifest: Manifest,
  service: ServiceModel | undefined,
  options: pulumi.CustomResourceOptions,
  context: Context,
): pulumi.CustomResource {
  const { namespace, scope, provider, stack, owner } = context;
  const { metadata } = manifest;
  const name = manifest.kind === "Namespace" ? namespace : `${namespace}-${metadata.name}`;
  const complete = {
    ...contentOf(manifest, service, scope),
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [ownerLabel]: owner },
      annotations: {
        ...metadata.annotations,
        [stackAnnotation]: stack,
        ...instructions,
        ...waitingOf(manifest),
      },
    },
  };
  return new KubernetesObject(name, complete, {
    ...options,
    ...optionsOf(manifest),
    provider,
    parent: scope.parentOf(service?.name),
  });
}

/**
 * How the provider is to write: under one name in every run, so that a run finds the fields that are its own, and over
 * what others have written into them.
 */
export const instructions = { "pulumi.com/patchFieldManager": "twofold", "pulumi.com/patchForce": "true" };

/**
 * The program waits for workloads itself, and sooner knows when it is in vain. The provider is only to wait for their end,
 * so that what a pod needs is there until it has ended: it does so when it is told to wait for something that is there at once.
 */
function waitingOf({ kind }: Manifest): Readonly<Record<string, string>> {
  switch (kind) {
    case "Deployment":
    case "StatefulSet":
      return { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };
    case "Job":
      // one that has failed, or was interrupted, is made anew
      return { "pulumi.com/waitFor": "jsonpath={.metadata.uid}", "pulumi.com/replaceUnready": "true" };
    case "Service":
    case "Ingress":
    case "PersistentVolumeClaim":
      return { "pulumi.com/skipAwait": "true" };
    default:
      return {};
  }
}

function optionsOf(manifest: Manifest): pulumi.CustomResourceOptions {
  switch (manifest.kind) {
    case "Secret":
      return { additionalSecretOutputs: ["data", "stringData"] };
    case "PersistentVolumeClaim":
      return { retainOnDelete: isKept(manifest) };
    case "Deployment":
      return manifest.spec.replicas === undefined ? { ignoreChanges: ["spec.replicas"] } : {};
    default:
      return {};
  }
}

/** Whether it is a volume that stays when the stack is destroyed. */
export function isKept({ kind, metadata }: Manifest): boolean {
  return kind === "PersistentVolumeClaim" && metadata.annotations?.[keepAnnotation] !== undefined;
}

/** The object with its secrets, and with as many pods to begin with as its autoscaler has at least. */
function contentOf(manifest: Manifest, service: ServiceModel | undefined, scope: Scope): Manifest {
  switch (manifest.kind) {
    case "Secret":
      return { ...manifest, stringData: valuesOf(manifest, scope) } as unknown as Manifest;
    case "Deployment":
      return { ...manifest, spec: { ...manifest.spec, ...replicasOf(manifest, service) } };
    default:
      return manifest;
  }
}

function valuesOf({ stringData }: SecretManifest, scope: Scope): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(sorted(stringData).map(([key, value]) => [key, resolveValue(value, scope)]));
}

function replicasOf({ spec }: DeploymentManifest, service: ServiceModel | undefined): { readonly replicas?: number } {
  if (spec.replicas !== undefined) return { replicas: spec.replicas };
  const least = service?.manifests.flatMap((each) =>
    each.kind === "HorizontalPodAutoscaler" ? [each.spec.minReplicas] : [],
  );
  return least?.[0] === undefined ? {} : { replicas: least[0] };
}
