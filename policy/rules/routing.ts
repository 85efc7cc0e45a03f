import { policyTypesOf } from "../facts/flows";
import { foundIn, isFound, labelsBeside, mayBe, mayShare, runningBeside } from "../facts/matching";
import { at, hasPending, itemsAt, known, numberAt, pending, textAt, textsAt } from "../facts/plain";
import { selects, selectsPlainly } from "../facts/selector";
import type { StackFinding, Thing, View } from "../facts/stack";
import { both, kubernetes, type Rule } from "./rule";

const blind = "objects that something else than this stack has made";

/** Whether traffic gets where it is to go, and nowhere else. */
export const routingRules: readonly Rule[] = [
  {
    of: "stack",
    id: "network-isolated",
    title: "Everything that runs is behind a network of its own or a policy",
    severity: "high",
    targets: both,
    why: "On Docker's default bridge, and in a namespace without policies, everything reaches everything.",
    remedy:
      "Attach the container to a network of its own; on Kubernetes write policies of both directions for every pod.",
    example: "podSelector: {}, policyTypes: [Ingress, Egress]",
    references: {
      kubeLinter: ["non-isolated-pod"],
      kubeScore: ["pod-networkpolicy"],
      polaris: ["missingNetworkPolicy"],
      checkov: ["CKV2_K8S_6"],
      cisDocker: ["5.30"],
    },
    check: (view) =>
      view.running.flatMap(({ thing, workload }) =>
        thing.target === "docker" ? onDefaultBridge(thing) : withoutPolicy(thing, workload.labels, view),
      ),
  },
  {
    of: "stack",
    id: "no-dangling-service",
    title: "Every Service selects pods",
    severity: "high",
    targets: kubernetes,
    why: "Its name resolves, and nobody answers.",
    remedy: "Let the selector be labels that the pods have.",
    example: "selector: { app.kubernetes.io/name: api }",
    references: { kubeLinter: ["dangling-service"], kubeScore: ["service-targets-pod"] },
    blind,
    check: (view) =>
      view.ofKind("Service").flatMap((service) => {
        const selector = at(service.plain, "spec", "selector");
        const isLost =
          selector !== undefined &&
          selector !== pending &&
          !isFound(labelsBeside(service, view), (labels) => selectsPlainly(selector, labels));
        return isLost ? [{ on: service.resource, message: "selects no pods" }] : [];
      }),
  },
  {
    of: "stack",
    id: "no-dangling-policy",
    title: "Every network policy selects pods",
    severity: "high",
    targets: kubernetes,
    why: "It protects nobody, and whoever wrote it believes otherwise.",
    remedy: "Let the selector be labels that the pods have.",
    example: "podSelector: { matchLabels: { app.kubernetes.io/name: api } }",
    references: {
      kubeLinter: ["dangling-networkpolicy", "dangling-networkpolicypeer-podselector"],
      kubeScore: ["networkpolicy-targets-pod"],
      trivy: ["KSV-0038"],
    },
    blind,
    check: (view) => view.ofKind("NetworkPolicy").flatMap((policy) => danglingIn(policy, view)),
  },
  {
    of: "stack",
    id: "target-port-exists",
    title: "Services lead to ports that pods have",
    severity: "high",
    targets: kubernetes,
    why: "Connections are refused although everything runs.",
    remedy: "Let targetPort be a containerPort, or its name.",
    example: "ports: [{ port: 80, targetPort: 8080 }]",
    references: { kubeLinter: ["invalid-target-ports"], kubeScore: ["container-ports-check"] },
    check: (view) => view.ofKind("Service").flatMap((service) => wrongPorts(service, view)),
  },
  {
    of: "stack",
    id: "ingress-valid-tls",
    title: "Every Ingress has TLS, and leads to a Service",
    severity: "high",
    targets: kubernetes,
    why: "What is public goes through other people's networks, and a backend that is not there is an error page.",
    remedy: "List each host under tls, and name a Service and a port that it has.",
    example: "tls: [{ hosts: [shop.example.org], secretName: shop }]",
    references: {
      kubeLinter: ["dangling-ingress"],
      kubeScore: ["ingress-targets-service"],
      polaris: ["tlsSettingsMissing"],
    },
    blind,
    check: (view) =>
      view.ofKind("Ingress").flatMap((ingress) => [...withoutTls(ingress), ...lostBackends(ingress, view)]),
  },
];

function onDefaultBridge({ plain, resource }: Thing): readonly StackFinding[] {
  const mode = textAt(plain, "networkMode") ?? "default";
  const isDefault = mode === "default" || mode === "bridge";
  const own = at(plain, "networksAdvanced");
  const hasOwn = hasPending(own) || (Array.isArray(own) && own.length > 0);
  return isDefault && !hasOwn ? [{ on: resource, message: "is on Docker's default bridge" }] : [];
}

function withoutPolicy({ plain, namespace, resource }: Thing, labels: unknown, view: View): readonly StackFinding[] {
  const policies = view
    .ofKind("NetworkPolicy")
    .filter((policy) => mayShare(policy.namespace, namespace))
    .map((policy) => at(policy.plain, "spec"))
    .filter((spec) => selects(at(spec, "podSelector") ?? {}, labels) !== false);
  // a policy says nothing about pods that use the network of their node
  if (policies.some(hasPending) || at(plain, "spec", "template", "spec", "hostNetwork") === true) return [];
  const missing = ["Ingress", "Egress"].filter((type) => !policies.some((spec) => policyTypesOf(spec).includes(type)));
  return missing.length === 0 ? [] : [{ on: resource, message: `has no policy of the type ${missing.join(" and ")}` }];
}

function danglingIn(policy: Thing, view: View): readonly StackFinding[] {
  const beside = labelsBeside(policy, view);
  const peers = ["ingress", "egress"].flatMap((direction) =>
    itemsAt(policy.plain, "spec", direction).flatMap((rule) => [...itemsAt(rule, "from"), ...itemsAt(rule, "to")]),
  );
  // pods of another namespace may be somebody else's
  const local = peers.filter(
    (peer) => at(peer, "namespaceSelector") === undefined && at(peer, "podSelector") !== undefined,
  );
  const lost = local
    .map((peer) => at(peer, "podSelector"))
    .filter((selector) => !isFound(beside, (labels) => selects(selector, labels)) && !isOfOmitted(selector, view));
  const own = at(policy.plain, "spec", "podSelector") ?? {};
  return [
    ...(isFound(beside, (labels) => selects(own, labels)) ? [] : [{ on: policy.resource, message: "selects no pods" }]),
    ...(lost.length === 0 ? [] : [{ on: policy.resource, message: "has peers that select no pods" }]),
  ];
}

/** What is left out for a reason that the deployment gives has no pods, and its connections stay declared. */
function isOfOmitted(selector: unknown, { omitted }: View): boolean {
  return omitted.some((name) => selects(selector, { "app.kubernetes.io/name": name }) === true);
}

function wrongPorts(service: Thing, view: View): readonly StackFinding[] {
  const selector = at(service.plain, "spec", "selector");
  const pods = foundIn(runningBeside(service, view), (labels) => selectsPlainly(selector, labels));
  const ports = pods.flatMap(({ workload }) => workload.containers.flatMap(({ plain }) => at(plain, "ports") ?? []));
  if (pods.length === 0 || hasPending(pods.map(({ workload }) => workload.plain))) return [];
  const there = ports
    .flat()
    .flatMap((port) => [...known(textAt(port, "containerPort")), ...known(textAt(port, "name"))]);
  return itemsAt(service.plain, "spec", "ports").flatMap((port) =>
    known(textAt(port, "targetPort") ?? textAt(port, "port"))
      .filter((target) => !there.includes(target))
      .map((target) => ({ on: service.resource, message: `leads to port ${target}, which its pods do not have` })),
  );
}

function withoutTls({ plain, resource }: Thing): readonly StackFinding[] {
  if (hasPending(at(plain, "spec", "tls"))) return [];
  const secured = itemsAt(plain, "spec", "tls").flatMap((entry) => textsAt(entry, "hosts"));
  return itemsAt(plain, "spec", "rules")
    .flatMap((rule) => known(textAt(rule, "host")))
    .filter((host) => !secured.includes(host))
    .map((host) => ({ on: resource, message: `serves ${host} without TLS` }));
}

function lostBackends({ plain, namespace, resource }: Thing, view: View): readonly StackFinding[] {
  const paths = itemsAt(plain, "spec", "rules").flatMap((rule) => itemsAt(rule, "http", "paths"));
  return paths.flatMap((path) => {
    const [name] = known(textAt(path, "backend", "service", "name"));
    const [port] = known(numberAt(path, "backend", "service", "port", "number"));
    if (name === undefined || namespace === undefined) return [];
    const isThere = view.ofKind("Service").some((service) => {
      const ports = itemsAt(service.plain, "spec", "ports").map((each) => numberAt(each, "port"));
      const hasPort = port === undefined || hasPending(at(service.plain, "spec")) || ports.includes(port);
      return mayBe(service, name, namespace) && hasPort;
    });
    const place = port === undefined ? name : `${name}:${port}`;
    return isThere ? [] : [{ on: resource, message: `leads to ${place}, which is not there` }];
  });
}
