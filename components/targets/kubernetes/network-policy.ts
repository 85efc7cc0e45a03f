import { isIP } from "node:net";
import type { ServicePlan } from "../../core/plan-types";
import type { Around } from "./around";
import { ingressPorts } from "./ingress";
import type { NetworkPolicyManifest, PolicyPeer, PolicyPort } from "./model";
import { labelsOf, metadataOf, selectorOf, sharedName } from "./names";
import { internalRanges } from "./options";
import { protocolOf } from "./pod";
import type { Selector } from "./pod-model";

type PolicySpec = NetworkPolicyManifest["spec"];
type Ingress = NonNullable<PolicySpec["ingress"]>[number];
type Egress = NonNullable<PolicySpec["egress"]>[number];

const inNamespace = (name: string): PolicyPeer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

const dnsPorts: readonly PolicyPort[] = [
  { port: 53, protocol: "TCP" },
  { port: 53, protocol: "UDP" },
];

/** What holds for every pod of a system: nothing comes in, and nothing goes out but questions to the cluster's DNS. */
export function sharedPolicies(around: Around): readonly NetworkPolicyManifest[] {
  const everyPod = {};
  return [
    sharedPolicy("deny", around, { podSelector: everyPod, policyTypes: ["Ingress", "Egress"] }),
    sharedPolicy("dns", around, {
      podSelector: everyPod,
      policyTypes: ["Egress"],
      egress: [{ to: [inNamespace("kube-system")], ports: dnsPorts }],
    }),
  ];
}

function sharedPolicy(what: string, { plan, options }: Around, spec: PolicySpec): NetworkPolicyManifest {
  const metadata = { name: sharedName(what), namespace: options.namespace, labels: labelsOf(plan.name) };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

/** What is allowed to a service besides: its declared connections, one rule for each, on both sides. */
export function policyOf(service: ServicePlan, around: Around): readonly NetworkPolicyManifest[] {
  const ingress = [...connectionsTo(service, around), ...fromOutside(service, around)];
  const egress = [...connectionsFrom(service, around), ...toOutside(service, around)];
  if (ingress.length === 0 && egress.length === 0) return [];
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadataOf(around, service.name),
      spec: {
        podSelector: selectorOf(service.name),
        policyTypes: ["Ingress", "Egress"],
        ...(ingress.length === 0 ? {} : { ingress }),
        ...(egress.length === 0 ? {} : { egress }),
      },
    },
  ];
}

const podsOf = (service: string): { readonly podSelector: Selector } => ({ podSelector: selectorOf(service) });

function connectionsTo({ name }: ServicePlan, { incoming }: Around): readonly Ingress[] {
  return (incoming.get(name) ?? []).map(({ from, port, protocol }) => ({
    from: [podsOf(from)],
    ports: [{ port, protocol: protocolOf(protocol) }],
  }));
}

function connectionsFrom({ name }: ServicePlan, { outgoing }: Around): readonly Egress[] {
  return (outgoing.get(name) ?? []).map(({ to, port, protocol }) => ({
    to: [podsOf(to)],
    ports: [{ port, protocol: protocolOf(protocol) }],
  }));
}

/** The ingress controller may reach public ports, and the cluster's monitoring those with metrics. */
function fromOutside(service: ServicePlan, { options }: Around): readonly Ingress[] {
  const { ingress, monitoringNamespace } = options;
  const tcp = (port: number): readonly PolicyPort[] => [{ port, protocol: "TCP" }];
  const metrics = service.metrics === undefined ? undefined : service.ports[service.metrics.port];
  return [
    ...(ingress === undefined
      ? []
      : ingressPorts(service).map(([, { number }]) => ({
          from: [inNamespace(ingress.namespace)],
          ports: tcp(number),
        }))),
    ...(monitoringNamespace === undefined || metrics === undefined
      ? []
      : [{ from: [inNamespace(monitoringNamespace)], ports: tcp(metrics.number) }]),
  ];
}

function toOutside({ name }: ServicePlan, { externals, options }: Around): readonly Egress[] {
  return (externals.get(name) ?? []).map((external) => ({
    to: externalBlocks(external.host, options.internalRanges),
    ports: [{ port: external.port, protocol: "TCP" }],
  }));
}

/** A policy knows addresses only: a name stands for any address of the internet, an address for itself, be it internal. */
export function externalBlocks(host: string, internal: readonly string[] = internalRanges): readonly PolicyPeer[] {
  if (isIP(host) === 4) return [{ ipBlock: { cidr: `${host}/32` } }];
  if (isIP(host) === 6) return [{ ipBlock: { cidr: `${host}/128` } }];
  const [four, six] = [false, true].map((isSix) => internal.filter((range) => range.includes(":") === isSix));
  return [everythingBut("0.0.0.0/0", four), everythingBut("::/0", six)];
}

function everythingBut(cidr: string, except: readonly string[] = []): PolicyPeer {
  return { ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) } };
}
