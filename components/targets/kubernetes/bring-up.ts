import * as pulumi from "@pulumi/pulumi";
import { type SecretRef, secretsIn } from "../../core/value";
import { blaming } from "../blame";
import type { Scope } from "../target";
import type { Cluster, WorkloadKind } from "./cluster";
import type { KubernetesModel, Manifest, ServiceModel } from "./model";
import { settle } from "./settle";

/** A service whose objects were made; `up` fails with what a person needs to know. */
export interface Running {
  /** Resolves when its workload is in the cluster. */
  readonly made: pulumi.Output<unknown>;
  /** Resolves when its pods are up. */
  readonly up: pulumi.Output<unknown>;
}

export interface Surroundings {
  /** Whether there is a cluster to wait for; otherwise everything counts as up. */
  readonly active: boolean;
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly scope: Scope;
  /** Services that the system had in the cluster before. */
  readonly present: pulumi.Output<readonly string[]>;
}

type Others = ReadonlyMap<string, Running>;

/**
 * Resolves when the workload of a service can be made. A new version waits for those that it needs. Where nothing of
 * either is there yet, the start gate of its pods does the waiting, and both begin at once; the end of a job is no
 * matter of a gate.
 */
export function mayBeMade(
  { name, waits }: ServiceModel,
  others: Others,
  { present }: Surroundings,
): pulumi.Output<unknown> {
  return present.apply((there) => {
    const gated = ({ service, until }: ServiceModel["waits"][number]): boolean =>
      until !== "completed" && !there.includes(name) && !there.includes(service);
    return upOf(
      waits.filter((wait) => !gated(wait)),
      others,
    );
  });
}

/** Resolves when all of it is as it is waited for. */
function upOf(waits: ServiceModel["waits"], others: Others): pulumi.Output<unknown> {
  return pulumi.all(
    waits.flatMap((wait) => {
      const other = others.get(wait.service);
      return other === undefined ? [] : [wait.until === "started" ? other.made : other.up];
    }),
  );
}

/** Waits for the pods of a service whose workload was made, when those that it waits for are up. */
export function bringUp(
  { name, goal, manifests, waits }: ServiceModel,
  workload: pulumi.CustomResource,
  others: Others,
  { active, cluster, namespace, scope }: Surroundings,
): Running {
  const made = workload.id;
  const kind = manifests.map((manifest) => manifest.kind).find(isWorkload);
  if (!active || kind === undefined) return { made, up: made };
  const secrets = pulumi.all(secretsOf(manifests).map((ref) => scope.secret(ref)));
  const tell = (progress: string) => void pulumi.log.info(progress, workload, undefined, true);
  const since = made.apply(() => Date.now());
  const up = pulumi
    .all([since, secrets, upOf(waits, others)])
    .apply(([madeAt, values]) =>
      blaming(workload, settle({ cluster, kind, namespace, name, goal, madeAt, secrets: values, tell })),
    );
  return { made, up };
}

function isWorkload(kind: Manifest["kind"]): kind is WorkloadKind {
  return kind === "Deployment" || kind === "StatefulSet" || kind === "Job";
}

function secretsOf(manifests: readonly Manifest[]): readonly SecretRef[] {
  const refs = manifests.flatMap((manifest) =>
    manifest.kind === "Secret" ? Object.values(manifest.stringData).flatMap(secretsIn) : [],
  );
  return [...new Map(refs.map((ref) => [ref.id, ref])).values()];
}

/** Where the system answers, known when all of it is up. */
export function allUp(
  model: KubernetesModel,
  running: readonly Running[],
  { cluster }: Surroundings,
): pulumi.Output<Record<string, string>> {
  const addresses = addressesOf(model, cluster.kubectl);
  // what is waited for depends on secrets, the addresses do not
  return pulumi.unsecret(pulumi.all(running.map(({ up }) => up)).apply(() => addresses));
}

/** URLs, and commands that open a way to what the cluster does not let out. */
function addressesOf({ namespace, services }: KubernetesModel, kubectl: string): Record<string, string> {
  const entries = services
    .filter(({ omitted }) => omitted === undefined)
    .flatMap(({ name, addresses, forwards }): [string, string][] => [
      ...Object.entries(addresses).map(([port, at]): [string, string] => [`${name}/${port}`, at]),
      ...Object.entries(forwards).map(([port, { local, number }]): [string, string] => [
        `${name}/${port}`,
        `${kubectl} -n ${namespace} port-forward service/${name} ${local}:${number}`,
      ]),
    ]);
  return Object.fromEntries(entries);
}
