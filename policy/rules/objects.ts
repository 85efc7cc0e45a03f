import { isCarrier } from "../facts/docker";
import { at, flagAt, hasPending, itemsAt, known, pending, recordAt, textAt, textEntriesAt } from "../facts/plain";
import type { Thing } from "../facts/stack";
import { both, kubernetes, listed, type Rule, when } from "./rule";

/** Kinds that are not in a namespace, or for which the default one is as good as another. */
const namespaced: readonly string[] = [
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob", "Service", "Ingress"],
  ...["ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount", "NetworkPolicy"],
];

/** Groups of the API itself, whose versions before the first stable one are gone from current clusters. */
const builtInGroup = /^(?:apps|autoscaling|batch|extensions|policy|[a-z.]+\.k8s\.io)\/v\d+(?:alpha|beta)\d+$/;

const labelValue = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** How single objects are to be. */
export const objectRules: readonly Rule[] = [
  {
    of: "object",
    id: "standard-labels",
    title: "Objects say what they are part of",
    severity: "low",
    targets: both,
    kinds: ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Container"],
    why: "Tools, dashboards and people find what belongs together by labels.",
    remedy: "Set app.kubernetes.io/name and app.kubernetes.io/part-of; on Docker the labels of Twofold or of Compose.",
    example: "labels: { app.kubernetes.io/name: api, app.kubernetes.io/part-of: shop }",
    references: {
      kubeLinter: ["required-label-owner"],
      kubeScore: ["label-values"],
      polaris: ["metadataAndInstanceMismatched"],
    },
    check: standardLabels,
  },
  {
    of: "container",
    id: "unique-env",
    title: "A variable is set once",
    severity: "low",
    targets: both,
    why: "Of two values one is used, and which one differs between tools.",
    remedy: "Remove one of them.",
    example: "env: [{ name: LOG_LEVEL, value: info }]",
    references: { kubeLinter: ["duplicate-env-var"], kubeScore: ["environment-variable-key-duplication"] },
    check: ({ env }) => {
      const names = env.map(({ name }) => name);
      const twice = names.filter((name, index) => names.indexOf(name) !== index);
      return when(twice.length > 0, `sets ${listed(twice)} more than once`);
    },
  },
  {
    of: "object",
    id: "own-namespace",
    title: "Nothing is in a namespace of the cluster's own",
    severity: "medium",
    targets: kubernetes,
    kinds: namespaced,
    why: "In default everything meets everything, and what is in kube-system has rights there that nobody meant.",
    remedy: "Give each system a namespace.",
    example: "metadata: { namespace: shop }",
    references: { kubeLinter: ["use-namespace"], trivy: ["KSV-0037", "KSV-0110"], checkov: ["CKV_K8S_21"] },
    check: ({ namespace = "" }) =>
      when(namespace === "default" || namespace.startsWith("kube-"), `is in the namespace ${namespace}`),
  },
  {
    of: "object",
    id: "stable-api",
    title: "Objects are of a stable version of the API",
    severity: "high",
    targets: kubernetes,
    kinds: ["*"],
    why: "A cluster's next version refuses the others.",
    remedy: "Use the stable version, such as apps/v1.",
    example: "apiVersion: apps/v1",
    references: { kubeLinter: ["no-extensions-v1beta"], kubeScore: ["stable-version"], trivy: ["KSV-0107"] },
    check: ({ plain }) =>
      known(textAt(plain, "apiVersion")).flatMap((version) => when(builtInGroup.test(version), `is of ${version}`)),
  },
  {
    of: "object",
    id: "namespace-pod-security",
    title: "A namespace refuses pods that are not confined",
    severity: "high",
    targets: kubernetes,
    kinds: ["Namespace"],
    why: "Without admission one careless manifest has the node.",
    remedy: "Set the label pod-security.kubernetes.io/enforce to restricted, or to baseline where it must be.",
    example: "labels: { pod-security.kubernetes.io/enforce: restricted }",
    references: {},
    check: ({ plain }) => {
      const level = textAt(plain, "metadata", "labels", "pod-security.kubernetes.io/enforce");
      if (level === pending || level === "restricted" || level === "baseline") return [];
      return [level === undefined ? "admits every pod" : `admits ${level} pods`];
    },
  },
  {
    of: "object",
    id: "no-exposed-service",
    title: "No Service is open to other machines by itself",
    severity: "medium",
    targets: kubernetes,
    kinds: ["Service"],
    why: "A NodePort or a load balancer has no TLS, no names and no rules of its own.",
    remedy: "Use ClusterIP, and an Ingress for what is public.",
    example: "type: ClusterIP",
    references: { kubeLinter: ["exposed-services"], kubeScore: ["service-type"], trivy: ["KSV-0108"] },
    check: ({ plain }) => {
      const type = textAt(plain, "spec", "type");
      return [
        ...when(type === "NodePort" || type === "LoadBalancer", `is a ${String(type)}`),
        ...when(itemsAt(plain, "spec", "externalIPs").length > 0, "has external addresses"),
      ];
    },
  },
  {
    of: "object",
    id: "no-ingress-snippets",
    title: "No Ingress brings configuration of the controller",
    severity: "high",
    targets: kubernetes,
    kinds: ["Ingress"],
    why: "A snippet runs in the controller, which has the certificates of everybody.",
    remedy: "Use the controller's own annotations, or settings of the controller.",
    example: "annotations: {}",
    references: { trivy: ["KCV-0093"], checkov: ["CKV_K8S_152", "CKV_K8S_153", "CKV_K8S_154"] },
    check: ({ plain }) => {
      const snippets = Object.keys(recordAt(plain, "metadata", "annotations")).filter((key) => /-snippet$/.test(key));
      return when(snippets.length > 0, `has ${listed(snippets)}`);
    },
  },
  {
    of: "object",
    id: "egress-restricted",
    title: "No policy allows connections to everywhere",
    severity: "high",
    targets: kubernetes,
    kinds: ["NetworkPolicy"],
    why: "What was taken over sends data out, and asks the cloud's metadata service for its credentials.",
    remedy: "Name the peers, and the ports of those outside.",
    example: "egress: [{ to: [{ podSelector: … }], ports: [{ port: 5432 }] }]",
    references: {},
    check: ({ plain }) => itemsAt(plain, "spec", "egress").flatMap(wideEgress),
  },
  {
    of: "object",
    id: "apiservice-tls",
    title: "The API's extensions are asked by TLS that is checked",
    severity: "high",
    targets: kubernetes,
    kinds: ["APIService"],
    why: "Whoever gets in between answers in the name of the cluster's API.",
    remedy: "Set caBundle, and leave insecureSkipTLSVerify out.",
    example: "caBundle: …",
    references: {},
    check: ({ plain }) =>
      when(flagAt(plain, "spec", "insecureSkipTLSVerify") === true, "does not check whom the API talks to"),
  },
];

function standardLabels({ target, labels, plain }: Thing): readonly string[] {
  if (labels === pending || isCarrier(plain)) return [];
  const lacks = (names: readonly string[]): readonly string[] => names.filter((name) => at(labels, name) === undefined);
  if (target === "docker") {
    const ways = ["twofold.system twofold.service", "com.docker.compose.project com.docker.compose.service"];
    return when(
      !hasPending(at(plain, "labels")) && ways.every((names) => lacks(names.split(" ")).length > 0),
      "has none of these labels",
    );
  }
  const missing = lacks(["app.kubernetes.io/name", "app.kubernetes.io/part-of"]);
  const wrong = textEntriesAt(labels).filter(([, value]) => !labelValue.test(value));
  return [
    ...when(missing.length > 0, `has no label ${listed(missing)}`),
    ...wrong.map(([name, value]) => `has the label ${name} with ${JSON.stringify(value)}, which no label may be`),
  ];
}

function wideEgress(rule: unknown): readonly string[] {
  const [to, ports] = [at(rule, "to"), at(rule, "ports")];
  const isOpen = to === undefined || (Array.isArray(to) && to.length === 0);
  const everywhere = itemsAt(rule, "to").some((peer) => {
    const cidr = textAt(peer, "ipBlock", "cidr");
    return cidr === "0.0.0.0/0" || cidr === "::/0";
  });
  return [
    ...when(isOpen, "allows connections to everywhere"),
    ...when(everywhere && ports === undefined, "allows connections to every port of every address"),
  ];
}
