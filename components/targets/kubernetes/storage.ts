import type { Problem } from "../../core/errors";
import type { ServicePlan } from "../../core/plan-types";
import { sorted } from "../names";
import type { Around } from "./around";
import { filesOf } from "./config";
import type { ClaimManifest, ClaimSpec, StatefulSetManifest } from "./model";
import { claimName, dataKey, metadataOf } from "./names";
import type { FileItem, Volume, VolumeMount } from "./pod-model";

/** Names of a pod's volumes. What stands before them keeps those of different origin apart. */
const volumeName = (key: string): string => `volume-${key}`;
const scratchName = (key: string): string => `scratch-${key}`;
const hostName = (index: number): string => `host-${index}`;

/** The volumes of a pod; those of a stateful service come from its claim templates. */
export function volumesOf(service: ServicePlan): readonly Volume[] {
  const { plain, secret } = filesOf(service);
  const memory = (sizeMiB: number) => ({ emptyDir: { medium: "Memory", sizeLimit: `${sizeMiB}Mi` } }) as const;
  const claims = service.kind === "stateful" ? [] : sorted(service.volumes);
  return [
    ...(plain.length === 0 ? [] : [{ name: "files", configMap: { name: service.name, items: plain } }]),
    ...(secret.length === 0 ? [] : [{ name: "secret-files", secret: { secretName: service.name, items: secret } }]),
    ...claims.map(([key]) => ({
      name: volumeName(key),
      persistentVolumeClaim: { claimName: claimName(service.name, key) },
    })),
    ...sorted(service.scratch).map(([key, { sizeMiB }]) => ({ name: scratchName(key), ...memory(sizeMiB) })),
    ...(service.kernel.shmMiB === undefined ? [] : [{ name: "shm", ...memory(service.kernel.shmMiB) }]),
    ...service.hostMounts.map(({ source }, index) => ({ name: hostName(index), hostPath: { path: source } })),
  ];
}

/** Where they are in the container. Files are mounted one by one, so that the image's own stay beside them. */
export function mountsOf(service: ServicePlan): readonly VolumeMount[] {
  const { plain } = filesOf(service);
  const isPlain = (path: string): boolean => plain.some(({ key }: FileItem) => key === dataKey(path));
  return [
    ...service.files.map(({ path }) => ({
      name: isPlain(path) ? "files" : "secret-files",
      mountPath: path,
      subPath: dataKey(path),
      readOnly: true as const,
    })),
    ...sorted(service.volumes).map(([key, { path }]) => ({ name: volumeName(key), mountPath: path })),
    ...sorted(service.scratch).map(([key, { path }]) => ({ name: scratchName(key), mountPath: path })),
    ...(service.kernel.shmMiB === undefined ? [] : [{ name: "shm", mountPath: "/dev/shm" }]),
    ...service.hostMounts.map(({ path, readOnly }, index) => ({
      name: hostName(index),
      mountPath: path,
      ...(readOnly ? { readOnly } : {}),
    })),
  ];
}

/** Whether the group of the service must be that of its volumes, so that its process can use them. */
export function sharesGroup({ files, volumes }: ServicePlan): boolean {
  return files.length > 0 || Object.keys(volumes).length > 0;
}

/** The annotation of a volume that stays when the stack is destroyed. */
export const keepAnnotation = "twofold.keep";

/**
 * The claims of a service: its pod of tomorrow finds the volume of today. Those of a stateful service, one of each for every
 * replica, have the names that its templates give them: made by themselves they outlive what uses them, also when that has
 * to be made anew.
 */
export function claimsOf(service: ServicePlan, around: Around): readonly ClaimManifest[] {
  return sorted(service.volumes).flatMap(([key, { sizeMiB, keep }]) => {
    const kept = keep || around.options.keepVolumes;
    return claimNames(service, key).map((name) => {
      const metadata = metadataOf(around, service.name, name);
      return {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: kept ? { ...metadata, annotations: { [keepAnnotation]: "true" } } : metadata,
        spec: claimSpec(sizeMiB, around),
      };
    });
  });
}

/** Volumes that two services would share, because their names end up the same. */
export function claimProblems({ plan }: Around): readonly Problem[] {
  const claims = plan.services.flatMap((service) =>
    Object.keys(service.volumes).flatMap((key) => claimNames(service, key).map((claim) => ({ claim, key, service }))),
  );
  return [...Map.groupBy(claims, ({ claim }) => claim).values()].flatMap(([first, ...others]) =>
    others.map(({ service, key, claim }) => ({
      path: `services.${service.name}.volumes.${key}`,
      given: `would be ${claim}, as is the volume ${first?.key ?? ""} of ${first?.service.name ?? ""}`,
      remedy: "give the volume another name",
    })),
  );
}

function claimNames({ kind, name, replicas }: ServicePlan, key: string): readonly string[] {
  if (kind !== "stateful") return [claimName(name, key)];
  return Array.from({ length: replicas }, (_, ordinal) => `${volumeName(key)}-${name}-${ordinal}`);
}

/** What the pods of a stateful service find their claims by. */
export function claimTemplatesOf(
  service: ServicePlan,
  around: Around,
): Pick<StatefulSetManifest["spec"], "volumeClaimTemplates"> {
  const volumes = sorted(service.volumes);
  if (volumes.length === 0) return {};
  return {
    volumeClaimTemplates: volumes.map(([key, { sizeMiB }]) => ({
      metadata: { name: volumeName(key) },
      spec: claimSpec(sizeMiB, around),
    })),
  };
}

function claimSpec(sizeMiB: number, { options: { storageClass } }: Around): ClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage: `${sizeMiB}Mi` } },
  };
}
