import { externalBlocks } from "../../targets/kubernetes/network-policy";
import { receiverPlaces } from "../receivers/config";
import { alertmanagerPort, gossipPort } from "./alertmanager";
import { grafanaPort } from "./grafana";
import { statePorts } from "./kube-state-metrics";
import { nodeExporterPort } from "./node-exporter";
import { type ClusterObject, labels, metadata, object } from "./objects";
import { operatorPort } from "./operator";
import { agentNamespace, type ClusterMonitoringOptions } from "./options";
import { prometheusPort, reloaderPort } from "./prometheus";

type Port = readonly [port: number, protocol?: "TCP" | "UDP"];
/** Who, and on which ports; all of TCP when none is named. */
type Way = readonly [peers: readonly object[], ports: readonly Port[]];

const apiPorts: readonly Port[] = [[443], [6443]];
const kubeletPort = 10250;
const controlPlanePorts: readonly Port[] = [[10257], [10259]];
const dnsMetricsPort = 9153;

const pods = (part: string) => [{ podSelector: { matchLabels: { "app.kubernetes.io/name": part } } }];
const inNamespace = (name: string) => [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }];
const systems = [{ namespaceSelector: { matchLabels: { "app.kubernetes.io/managed-by": "twofold" } } }];

/** Nothing is open, in or out, but what each part needs. */
export function policyObjects(options: ClusterMonitoringOptions): readonly ClusterObject[] {
  const { namespace, apiServers, receivers } = options;
  const machines = apiServers.map((cidr) => ({ ipBlock: { cidr } }));
  const api: Way = [machines, apiPorts];
  const scraped = (...ports: readonly number[]): Way => [pods("prometheus"), ports.map((port): Port => [port])];
  return [
    ...closed(namespace),
    ...closed(agentNamespace(namespace)),
    policy(namespace, "prometheus-operator", [scraped(operatorPort)], [api]),
    policy(namespace, "kube-state-metrics", [scraped(...Object.values(statePorts))], [api]),
    policy(
      namespace,
      "prometheus",
      [scraped(prometheusPort, reloaderPort), [pods("grafana"), [[prometheusPort]]]],
      [
        api,
        [machines, [[kubeletPort], [nodeExporterPort], ...controlPlanePorts]],
        [inNamespace("kube-system"), [[dnsMetricsPort]]],
        // which ports those are is for each system's own policies to say
        [systems, []],
      ],
    ),
    policy(
      namespace,
      "alertmanager",
      [scraped(alertmanagerPort, reloaderPort), [pods("alertmanager"), gossip]],
      [
        [pods("alertmanager"), gossip],
        ...receiverPlaces(receivers).map(({ host, port }): Way => [externalBlocks(host), [[port]]]),
      ],
    ),
    policy(namespace, "grafana", [scraped(grafanaPort)], [[pods("prometheus"), [[prometheusPort]]], api]),
  ];
}

const gossip: readonly Port[] = [
  [gossipPort, "TCP"],
  [gossipPort, "UDP"],
];

/** What holds for every pod of a namespace: nothing but questions to the cluster's DNS. */
function closed(namespace: string): readonly ClusterObject[] {
  const meta = (name: string) => ({ name, namespace, labels: labels() });
  const dns: Way = [
    inNamespace("kube-system"),
    [
      [53, "UDP"],
      [53, "TCP"],
    ],
  ];
  return [
    object("networking.k8s.io/v1", "NetworkPolicy", meta("all.deny"), {
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    }),
    object("networking.k8s.io/v1", "NetworkPolicy", meta("all.dns"), {
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: dns[0], ports: portsOf(dns[1]) }] },
    }),
  ];
}

function policy(namespace: string, part: string, ingress: readonly Way[], egress: readonly Way[]): ClusterObject {
  return object("networking.k8s.io/v1", "NetworkPolicy", metadata(namespace, part), {
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": part } },
      policyTypes: ["Ingress", "Egress"],
      ingress: ingress.map(([from, ports]) => ({ from, ports: portsOf(ports) })),
      egress: egress.map(([to, ports]) => ({ to, ports: portsOf(ports) })),
    },
  });
}

function portsOf(ports: readonly Port[]): readonly object[] {
  return ports.length === 0 ? [{ protocol: "TCP" }] : ports.map(([port, protocol = "TCP"]) => ({ port, protocol }));
}
