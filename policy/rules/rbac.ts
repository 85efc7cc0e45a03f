import { at, hasPending, itemsAt, textAt, textsAt } from "../facts/plain";
import type { Thing } from "../facts/stack";
import { kubernetes, type Rule, when } from "./rule";

/** One rule of a role. */
interface Grant {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const roles = ["Role", "ClusterRole"];

/** What the cluster's API lets somebody do. */
export const rbacRules: readonly Rule[] = [
  {
    of: "object",
    id: "no-rbac-wildcards",
    title: "Roles name what they allow",
    severity: "high",
    targets: kubernetes,
    kinds: roles,
    why: "A star allows what the cluster's next version brings, too.",
    remedy: "List resources and verbs.",
    example: 'rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }]',
    references: {
      kubeLinter: ["wildcard-in-rules"],
      trivy: ["KSV-0044", "KSV-0045", "KSV-0046", "KSV-0112"],
      checkov: ["CKV_K8S_49"],
    },
    check: (thing) =>
      when(
        grantsOf(thing).some(({ resources, verbs }) => resources.includes("*") || verbs.includes("*")),
        "allows everything by a star",
      ),
  },
  {
    of: "object",
    id: "no-cluster-admin",
    title: "Nobody is made administrator of the cluster",
    severity: "critical",
    targets: kubernetes,
    kinds: ["RoleBinding", "ClusterRoleBinding"],
    why: "Whoever gets hold of one such token has everything.",
    remedy: "Write a role with the few rights that are needed.",
    example: "roleRef: { kind: Role, name: reader }",
    references: {
      kubeLinter: ["cluster-admin-role-binding"],
      polaris: ["clusterrolebindingClusterAdmin"],
      trivy: ["KSV-0111"],
    },
    check: ({ plain }) => when(textAt(plain, "roleRef", "name") === "cluster-admin", "makes somebody administrator"),
  },
  {
    of: "object",
    id: "no-secret-reader",
    title: "No role reads Secrets",
    severity: "high",
    targets: kubernetes,
    kinds: roles,
    why: "It reads every password of the namespace, or of the cluster.",
    remedy: "Mount the one Secret, or name it in resourceNames.",
    example: 'resources: ["configmaps"]',
    references: { kubeLinter: ["access-to-secrets"], trivy: ["KSV-0041", "KSV-0113"], checkov: ["CKV2_K8S_5"] },
    check: (thing) =>
      when(
        allows(thing, ["secrets"], ["get", "list", "watch", "create", "update", "patch"]),
        "reads or writes Secrets",
      ),
  },
  {
    of: "object",
    id: "no-pod-creator",
    title: "No role makes pods",
    severity: "medium",
    targets: kubernetes,
    kinds: roles,
    why: "A pod may use every account, Secret and volume of its namespace.",
    remedy: "Leave it to those who deploy.",
    example: 'resources: ["pods"], verbs: ["get"]',
    references: { kubeLinter: ["access-to-create-pods"], trivy: ["KSV-0048"] },
    check: (thing) => when(allows(thing, podMakers, ["create", "update", "patch"]), "makes or changes pods"),
  },
  {
    of: "object",
    id: "no-exec",
    title: "No role enters pods",
    severity: "high",
    targets: kubernetes,
    kinds: roles,
    why: "Whoever enters a pod is that pod.",
    remedy: "Leave pods/exec and pods/attach to people, and only for a time.",
    example: 'resources: ["pods/log"], verbs: ["get"]',
    references: {
      polaris: ["rolePodExecAttach", "clusterrolePodExecAttach", "rolebindingRolePodExecAttach"],
      trivy: ["KSV-0053", "KSV-0054"],
      checkov: ["CKV2_K8S_2"],
    },
    check: (thing) => when(allows(thing, ["pods/exec", "pods/attach"], ["create", "get"]), "enters pods"),
  },
  {
    of: "object",
    id: "no-escalation",
    title: "No role gives itself more",
    severity: "critical",
    targets: kubernetes,
    kinds: roles,
    why: "escalate, bind and impersonate are every right that somebody else has.",
    remedy: "Leave them out.",
    example: 'verbs: ["get", "list"]',
    references: {
      trivy: ["KSV-0043", "KSV-0050", "KSV-0051", "KSV-0052"],
      checkov: ["CKV_K8S_157", "CKV_K8S_158", "CKV2_K8S_1", "CKV2_K8S_3"],
    },
    check: (thing) => [
      ...when(
        grantsOf(thing).some(({ verbs }) => verbs.some((verb) => ["escalate", "bind", "impersonate"].includes(verb))),
        "may give itself more than it has",
      ),
      ...when(
        allows(thing, ["rolebindings", "clusterrolebindings", "roles", "clusterroles"], ["create", "update", "patch"]),
        "may write roles or their bindings",
      ),
    ],
  },
  {
    of: "object",
    id: "no-control-plane-verbs",
    title: "No role changes how the cluster itself works",
    severity: "critical",
    targets: kubernetes,
    kinds: roles,
    why: "A webhook sees and changes every object, an approved certificate is any identity, and nodes/proxy enters every pod.",
    remedy: "Leave them to the cluster's own components.",
    example: 'resources: ["services"], verbs: ["get"]',
    references: { trivy: ["KSV-0047", "KSV-0114"], checkov: ["CKV_K8S_155", "CKV_K8S_156", "CKV2_K8S_4"] },
    check: (thing) => [
      ...when(
        allows(
          thing,
          ["validatingwebhookconfigurations", "mutatingwebhookconfigurations", "certificatesigningrequests/approval"],
          ["create", "update", "patch"],
        ),
        "may change admission or approve certificates",
      ),
      ...when(allows(thing, ["nodes/proxy"], ["get", "create"]), "may enter every pod through its node"),
      ...when(
        allows(thing, ["nodes/status", "services/status"], ["update", "patch"]),
        "may send others' traffic elsewhere",
      ),
    ],
  },
];

const podMakers = ["pods", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "cronjobs"];

function grantsOf({ plain }: Thing): readonly Grant[] {
  return itemsAt(plain, "rules").map((rule) => {
    const names = at(rule, "resourceNames");
    // one that is named is no more than itself
    const isNamed = hasPending(names) || itemsAt(rule, "resourceNames").length > 0;
    return { resources: isNamed ? [] : textsAt(rule, "resources"), verbs: textsAt(rule, "verbs") };
  });
}

/** Whether a role allows one of the verbs on one of the resources. Stars are left to the rule about stars. */
function allows(thing: Thing, resources: readonly string[], verbs: readonly string[]): boolean {
  return grantsOf(thing).some(
    (grant) =>
      grant.resources.some((resource) => resources.includes(resource)) &&
      grant.verbs.some((verb) => verbs.includes(verb)),
  );
}
