import type { Metadata } from "../../targets/kubernetes/model";
import { labelsOf } from "../../targets/kubernetes/names";

/** What objects of the cluster's monitoring are part of. */
export const monitoringItself = "monitoring";

/** An object of the Kubernetes API, whatever its kind: plain data. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

export const labels = (part?: string): Readonly<Record<string, string>> => labelsOf(monitoringItself, part);

/** Metadata of what belongs to a part of it, which has the part's name unless another one is given. */
export function metadata(namespace: string, part: string, name: string = part): Metadata {
  return { name, namespace, labels: labels(part) };
}

/** Metadata of what no namespace holds. Names there are everybody's, and so they say whose it is. */
function clusterMetadata(namespace: string, part: string): Metadata {
  return { name: `twofold:${namespace}:${part}`, labels: labels(part) };
}

export const object = (apiVersion: string, kind: string, meta: Metadata, rest: object): ClusterObject => ({
  apiVersion,
  kind,
  metadata: meta,
  ...rest,
});

/** An identity of a part of its own. Only who asks the cluster's API has a token of it in its pods. */
export function accountOf(namespace: string, part: string): ClusterObject {
  return object("v1", "ServiceAccount", metadata(namespace, part), { automountServiceAccountToken: false });
}

/** What a part may ask the cluster's API for. */
export interface Right {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** Rights of a part in the whole cluster. */
export function clusterRights(namespace: string, part: string, rules: readonly Right[]): readonly ClusterObject[] {
  const meta = clusterMetadata(namespace, part);
  return [
    object("rbac.authorization.k8s.io/v1", "ClusterRole", meta, { rules }),
    object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", meta, {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: meta.name },
      subjects: [{ kind: "ServiceAccount", name: part, namespace }],
    }),
  ];
}

/** Rights of a part in its own namespace. */
export function ownRights(namespace: string, part: string, rules: readonly Right[]): readonly ClusterObject[] {
  const meta = metadata(namespace, part);
  return [
    object("rbac.authorization.k8s.io/v1", "Role", meta, { rules }),
    object("rbac.authorization.k8s.io/v1", "RoleBinding", meta, {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: part },
      subjects: [{ kind: "ServiceAccount", name: part, namespace }],
    }),
  ];
}

/** Pods of a part that stand in for each other are taken away one at a time. */
export function disruptionBudget(namespace: string, part: string): ClusterObject {
  return object("policy/v1", "PodDisruptionBudget", metadata(namespace, part), {
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: { "app.kubernetes.io/name": part } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  });
}
