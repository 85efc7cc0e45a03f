import type { ServiceOutline, SystemOutline } from "../../../policy/facts/outline";
import type { PlainRecord } from "../../../policy/facts/plain";
import type { Resource } from "../../../policy/facts/stack";
import { container, digest, dockerResource, object, pod, selectorOf } from "./plain";

const system = "urn:pulumi:test::shop::twofold:index:System::shop";
const urnOf = (service: string): string =>
  `urn:pulumi:test::shop::twofold:index:System$twofold:index:Service::shop-${service}`;

interface ShopChanges {
  readonly system?: Partial<SystemOutline>;
  readonly omitted?: PlainRecord;
  /** Outline of the service api. */
  readonly outline?: Partial<ServiceOutline>;
  readonly outlineOfDb?: Partial<ServiceOutline>;
}

/** The components of a shop with an api and a database, as they show what is described. */
function components(target: string, { outline, outlineOfDb, system: changes, omitted = {} }: ShopChanges): Resource[] {
  const described: SystemOutline = {
    connections: [{ from: "api", to: "db", port: 5432, protocol: "tcp" }],
    externals: [],
    scrapes: [{ service: "api", port: 8080 }],
    alerts: [{ name: "ShopDown", service: "api", description: "no answer", runbook: "docs/runbooks.md#shop-down" }],
    ...changes,
  };
  const outputs = { target, omitted, outline: described };
  return [
    { type: "twofold:index:System", name: "shop", urn: system, inputs: {}, outputs },
    component("api", { ...apiOutline, ...outline }),
    component("db", { ...dbOutline, ...outlineOfDb }),
  ];
}

function component(service: string, outline: ServiceOutline): Resource {
  const urn = urnOf(service);
  return {
    type: "twofold:index:Service",
    name: `shop-${service}`,
    urn,
    inputs: {},
    outputs: { outline },
    parent: system,
  };
}

const apiOutline: ServiceOutline = {
  name: "api",
  kind: "service",
  replicas: 1,
  singleton: false,
  volumes: {},
  ports: { http: { number: 8080, protocol: "tcp", exposure: "loopback" } },
  metrics: { port: "http" },
  resources: { pids: 256 },
};

const dbOutline: ServiceOutline = {
  name: "db",
  kind: "stateful",
  replicas: 1,
  singleton: false,
  volumes: { data: { keep: true } },
  ports: { postgres: { number: 5432, protocol: "tcp", exposure: "internal" } },
  resources: { pids: 256 },
  backup: {
    repositories: [
      { offSite: false, encrypted: true },
      { offSite: true, encrypted: true },
    ],
  },
};

interface DockerChanges extends ShopChanges {
  readonly api?: PlainRecord;
  readonly db?: PlainRecord;
  /** Image of the database. */
  readonly image?: string;
  /** Containers of the database. */
  readonly replicas?: number;
  readonly network?: PlainRecord;
  readonly volume?: PlainRecord;
  readonly more?: readonly Resource[];
}

/** The shop on Docker, which keeps every rule but for these changes. */
export function dockerShop(changes: DockerChanges = {}): readonly Resource[] {
  const { image = `postgres:15.14@${digest}`, replicas = 1, more = [] } = changes;
  const network = dockerResource("network:Network", "shop-api.db", {
    name: "shop-api.db",
    ipamConfigs: [{ subnet: "10.201.0.0/29" }],
    ...changes.network,
  });
  const uses = { networksAdvanced: [network.urn] };
  const volume = { name: "shop-db.data", ...changes.volume };
  const inputs = { image, ports: undefined, command: ["postgres"], ...changes.db };
  return [
    ...components("docker", changes),
    network,
    dockerResource("volume:Volume", "shop-db.data", volume, { parent: urnOf("db") }),
    container({ ulimits: undefined, ...changes.api }, { parent: urnOf("api"), uses }),
    ...Array.from({ length: replicas }, (_, index) => {
      const name = replicas === 1 ? "shop-db" : `shop-db-${index + 1}`;
      return { ...container({ ...inputs, name }, { parent: urnOf("db"), uses }), name: "shop-db", urn: `urn:${name}` };
    }),
    ...more,
  ];
}

interface KubernetesChanges extends ShopChanges {
  /** Of the Deployment api. */
  readonly spec?: PlainRecord;
  readonly container?: PlainRecord;
  readonly db?: PlainRecord;
  /** Rules of the policies of api and db. */
  readonly egress?: readonly unknown[];
  readonly ingress?: readonly unknown[];
  readonly more?: readonly Resource[];
  /** Kinds that are left out. */
  readonly without?: readonly string[];
}

const ports = (port: number): readonly unknown[] => [{ port, protocol: "TCP" }];
export const peer = (name: string): unknown => ({ podSelector: selectorOf(name) });

/** The shop on Kubernetes, which keeps every rule but for these changes. */
export function kubernetesShop(changes: KubernetesChanges = {}): readonly Resource[] {
  const { without = [], more = [] } = changes;
  const everyPod = { podSelector: {} };
  const [api, db] = ["api", "db"].map((name) => ({ parent: urnOf(name) }));
  const named = (name: string) => ({ metadata: { name } });
  const service = (name: string, port: number, spec: object = {}) => ({
    selector: selectorOf(name).matchLabels,
    ports: [{ port, targetPort: port }],
    ...spec,
  });
  const objects = [
    object("Namespace", undefined, {
      metadata: { name: "shop", namespace: undefined, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    }),
    object("ResourceQuota", { hard: { "limits.memory": "16Gi" } }, named("shop")),
    object("LimitRange", { limits: [] }, named("shop")),
    object("NetworkPolicy", { ...everyPod, policyTypes: ["Ingress", "Egress"] }, named("deny")),
    object(
      "NetworkPolicy",
      {
        podSelector: selectorOf("api"),
        policyTypes: ["Egress"],
        egress: changes.egress ?? [{ to: [peer("db")], ports: ports(5432) }],
      },
      {},
      api,
    ),
    object(
      "NetworkPolicy",
      {
        podSelector: selectorOf("db"),
        policyTypes: ["Ingress"],
        ingress: changes.ingress ?? [{ from: [peer("api")], ports: ports(5432) }],
      },
      named("db"),
      db,
    ),
    object("ServiceAccount", undefined, {}, api),
    object("ServiceAccount", undefined, named("db"), db),
    object("Service", service("api", 8080), {}, api),
    object("Service", service("db", 5432, { clusterIP: "None" }), named("db"), db),
    object(
      "PersistentVolumeClaim",
      {},
      { metadata: { name: "data-db-0", annotations: { "twofold.keep": "true" } } },
      db,
    ),
    pod({ spec: changes.spec ?? {}, container: changes.container ?? {} }, api),
    object(
      "PodDisruptionBudget",
      { selector: selectorOf("api"), maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
      {},
      api,
    ),
    pod(
      {
        kind: "StatefulSet",
        name: "db",
        container: dbContainer,
        spec: { replicas: 1, serviceName: "db", ...changes.db },
      },
      db,
    ),
  ];
  return [
    ...components("kubernetes", changes),
    ...objects.filter(({ inputs }) => !without.includes(kindOf(inputs))),
    ...more,
  ];
}

const kindOf = (inputs: unknown): string => (inputs as { readonly kind: string }).kind;

const dbContainer: PlainRecord = {
  image: `postgres:15.14@${digest}`,
  ports: [{ containerPort: 5432 }],
  startupProbe: { tcpSocket: { port: 5432 } },
  livenessProbe: { tcpSocket: { port: 5432 } },
  readinessProbe: { exec: { command: ["pg_isready"] } },
};
