import type { Resource } from "../../../policy/facts/stack";
import type { Cases } from "../support/cases";
import { container, object, pod } from "../support/plain";

const namespace = (level: string | undefined): Resource =>
  object("Namespace", undefined, {
    metadata: { name: "shop", labels: level === undefined ? {} : { "pod-security.kubernetes.io/enforce": level } },
  });

const role = (rule: object, kind = "Role"): Resource =>
  object(kind, undefined, { rules: [{ apiGroups: [""], ...rule }] });

const policy = (egress: readonly unknown[]): Resource => object("NetworkPolicy", { podSelector: {}, egress });

const everywhere = { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } };

/** Single objects, and rights in the cluster. */
export const objectCases: Cases = {
  "unique-env": {
    passes: [container(), pod()],
    fails: {
      "shop-api sets A more than once": container({ envs: ["A=1", "B=2", "A=3"] }),
      "api sets A more than once": pod({
        container: {
          env: [
            { name: "A", value: "1" },
            { name: "A", value: "2" },
          ],
        },
      }),
    },
  },
  "own-namespace": {
    passes: [pod(), object("ClusterRole", undefined, { metadata: { namespace: undefined } })],
    fails: {
      "api is in the namespace default": pod({ metadata: { namespace: undefined } }),
      "api is in the namespace kube-system": object("Service", {}, { metadata: { namespace: "kube-system" } }),
    },
  },
  "stable-api": {
    passes: [pod(), object("Prometheus", {}, { apiVersion: "monitoring.coreos.com/v1alpha1" })],
    fails: { "api is of policy/v1beta1": object("PodDisruptionBudget", {}, { apiVersion: "policy/v1beta1" }) },
  },
  "namespace-pod-security": {
    passes: [namespace("restricted"), namespace("baseline")],
    fails: {
      "shop admits every pod": namespace(undefined),
      "shop admits privileged pods": namespace("privileged"),
    },
  },
  "no-exposed-service": {
    passes: [object("Service", { type: "ClusterIP" }), object("Service", {})],
    fails: {
      "api is a LoadBalancer": object("Service", { type: "LoadBalancer" }),
      "api has external addresses": object("Service", { externalIPs: ["192.0.2.1"] }),
    },
  },
  "no-ingress-snippets": {
    passes: [
      object("Ingress", {}, { metadata: { annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "true" } } }),
    ],
    fails: {
      "api has nginx.ingress.kubernetes.io/server-snippet": object(
        "Ingress",
        {},
        {
          metadata: { annotations: { "nginx.ingress.kubernetes.io/server-snippet": "…" } },
        },
      ),
    },
  },
  "egress-restricted": {
    passes: [policy([{ to: [everywhere], ports: [{ port: 443 }] }]), object("NetworkPolicy", { podSelector: {} })],
    fails: {
      "api allows connections to everywhere": policy([{ ports: [{ port: 443 }] }]),
      "api allows connections to every port of every address": policy([{ to: [everywhere] }]),
    },
  },
  "apiservice-tls": {
    passes: [object("APIService", { caBundle: "…" })],
    fails: { "api does not check whom the API talks to": object("APIService", { insecureSkipTLSVerify: true }) },
  },
  "no-rbac-wildcards": {
    passes: [role({ resources: ["pods"], verbs: ["get"] })],
    fails: {
      "api allows everything by a star": role({ resources: ["*"], verbs: ["get"] }, "ClusterRole"),
    },
  },
  "no-cluster-admin": {
    passes: [object("RoleBinding", undefined, { roleRef: { kind: "Role", name: "reader" } })],
    fails: {
      "api makes somebody administrator": object("ClusterRoleBinding", undefined, {
        roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      }),
    },
  },
  "no-secret-reader": {
    passes: [
      role({ resources: ["configmaps"], verbs: ["get"] }),
      role({ resources: ["secrets"], verbs: ["get"], resourceNames: ["own"] }),
    ],
    fails: { "api reads or writes Secrets": role({ resources: ["pods", "secrets"], verbs: ["list"] }) },
  },
  "no-pod-creator": {
    passes: [role({ resources: ["pods"], verbs: ["get", "list"] })],
    fails: { "api makes or changes pods": role({ resources: ["deployments"], verbs: ["patch"] }) },
  },
  "no-exec": {
    passes: [role({ resources: ["pods/log"], verbs: ["get"] })],
    fails: { "api enters pods": role({ resources: ["pods/exec"], verbs: ["create"] }) },
  },
  "no-escalation": {
    passes: [role({ resources: ["roles"], verbs: ["get"] })],
    fails: {
      "api may give itself more than it has": role({ resources: ["users"], verbs: ["impersonate"] }),
      "api may write roles or their bindings": role({ resources: ["rolebindings"], verbs: ["create"] }),
    },
  },
  "no-control-plane-verbs": {
    passes: [role({ resources: ["nodes"], verbs: ["get"] })],
    fails: {
      "api may change admission or approve certificates": role({
        resources: ["mutatingwebhookconfigurations"],
        verbs: ["update"],
      }),
      "api may enter every pod through its node": role({ resources: ["nodes/proxy"], verbs: ["get"] }),
      "api may send others' traffic elsewhere": role({ resources: ["services/status"], verbs: ["patch"] }),
    },
  },
};
