interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

const of = (apiVersion: string, ...kinds: readonly string[]): readonly Kind[] =>
  kinds.map((kind) => ({ apiVersion, kind }));

/** Kinds whose objects somebody has described, or that would outlive what was. */
export const describedKinds: readonly Kind[] = [
  ...of("v1", "ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount"),
  ...of("apps/v1", "DaemonSet", "Deployment", "StatefulSet"),
  ...of("batch/v1", "CronJob", "Job"),
  ...of("autoscaling/v2", "HorizontalPodAutoscaler"),
  ...of("policy/v1", "PodDisruptionBudget"),
  ...of("networking.k8s.io/v1", "Ingress", "NetworkPolicy"),
  ...of("rbac.authorization.k8s.io/v1", "Role", "RoleBinding"),
];

/** Kinds that whoever looks at a system sees, with those that the cluster derives from the described ones. */
export const shownKinds: readonly Kind[] = [
  ...describedKinds.filter(({ kind }) => kind !== "Secret"),
  ...of("v1", "Endpoints", "Event", "Pod"),
  ...of("apps/v1", "ControllerRevision", "ReplicaSet"),
  ...of("discovery.k8s.io/v1", "EndpointSlice"),
];

/** Kinds of which a system's monitoring makes objects that are in no namespace. */
export const clusterWideKinds: readonly Kind[] = [
  ...of("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
  ...of("rbac.authorization.k8s.io/v1", "ClusterRole", "ClusterRoleBinding"),
];
