import type { Resource } from "../../../policy/facts/stack";
import type { Cases } from "../support/cases";
import { container, dockerResource, object, pod } from "../support/plain";
import { dockerShop, kubernetesShop, peer } from "../support/shop";

const alert = { name: "ShopDown", service: "api" };
const stranger = (networks: readonly string[]): Resource =>
  container(
    { name: "stranger", networksAdvanced: networks.map((name) => ({ name })) },
    { name: "stranger", urn: "urn:stranger" },
  );
const network = (name: string, subnet: string): Resource =>
  dockerResource("network:Network", name, { name, ipamConfigs: [{ subnet }] });
const twice = (ip: string) => [
  container(),
  container({ name: "other", ports: [{ internal: 80, external: 18_080, ip }] }, { name: "other", urn: "urn:other" }),
];
const nodePort = (name: string): Resource =>
  object("Service", { ports: [{ port: 80, nodePort: 30_080 }] }, { metadata: { name } });
const pool = (size: string) => [
  { name: "DATABASE_POOL_SIZE", value: size },
  { name: "REDIS_POOL_SIZE", value: "500" },
];

/** What is made against what was described, and what several share. */
export const intentCases: Cases = {
  "edge-declared": {
    passes: [
      dockerShop(),
      kubernetesShop(),
      dockerShop({
        network: { options: { "com.docker.network.bridge.enable_icc": "false" } },
        system: { connections: [] },
      }),
      kubernetesShop({
        omitted: { db: "no image" },
        system: { externals: [{ from: "api", host: "example.org", port: 443 }] },
      }),
    ],
    fails: {
      "shop-api.db lets api and db reach each other, which is not declared": dockerShop({
        system: { connections: [] },
      }),
      "shop-api.db lets api and stranger, db and stranger reach each other, which is not declared": dockerShop({
        more: [stranger(["shop-api.db"])],
      }),
      "shop-api shares no network with db, although it is declared to connect": dockerShop({
        network: { options: { "com.docker.network.bridge.enable_icc": "false" } },
      }),
      "shop-db lets api reach port 5432, which is not declared": kubernetesShop({ system: { connections: [] } }),
      "shop-api cannot reach db on port 5432, although it is declared to": kubernetesShop({ egress: [] }),
      "shop-db lets api reach any port, which is not declared": kubernetesShop({
        egress: [{ to: [peer("db")] }],
        ingress: [{ from: [peer("api")] }],
      }),
      "shop-db lets others than its system reach port 5432, which is neither public nor for metrics": kubernetesShop({
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 5432 }] }],
      }),
      "shop-api may reach port 443 outside of its system, which is not declared": kubernetesShop({
        egress: [
          { to: [peer("db")], ports: [{ port: 5432 }] },
          { to: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [{ port: 443 }] },
        ],
      }),
    },
  },
  "service-is-monitored": {
    passes: [dockerShop(), kubernetesShop(), dockerShop({ system: { scrapes: [] }, outline: { metrics: undefined } })],
    fails: {
      "shop-api has metrics that nobody reads": kubernetesShop({ system: { scrapes: [] } }),
      "shop-api is scraped more than once": dockerShop({
        system: {
          scrapes: [
            { service: "api", port: 8080 },
            { service: "api", port: 8080 },
          ],
        },
      }),
    },
  },
  "alert-complete": {
    passes: [dockerShop(), kubernetesShop()],
    fails: {
      "shop has the alert ShopDown without a description and a runbook": dockerShop({ system: { alerts: [alert] } }),
      "shop has the alert ShopDown without a runbook": kubernetesShop({
        system: { alerts: [{ ...alert, description: "no answer" }] },
      }),
    },
  },
  "pids-limit": {
    passes: [dockerShop(), container(), container({ ulimits: undefined, cgroupParent: "/bounded" })],
    fails: { "shop-api may start any number of processes": container({ ulimits: undefined }) },
  },
  "one-system-per-host-port": {
    passes: [twice("127.0.0.2"), [nodePort("a"), pod()]],
    fails: {
      "other wants port 18080/tcp, which shop-api has": twice("0.0.0.0"),
      "b wants port node 30080/TCP, which a has": [nodePort("a"), nodePort("b")],
    },
  },
  "one-system-per-subnet": {
    passes: [[network("a", "10.1.0.0/24"), network("b", "10.1.1.0/24"), network("c", "fd00::/64")]],
    fails: {
      "b has 10.1.0.128/25, which overlaps 10.1.0.0/24 of a": [
        network("a", "10.1.0.0/24"),
        network("b", "10.1.0.128/25"),
      ],
    },
  },
  "connection-budget": {
    passes: [
      kubernetesShop({ container: { env: pool("20") } }),
      kubernetesShop({ outline: { replicas: 4 }, container: { env: pool("40") }, system: { connections: [] } }),
      dockerShop({ api: { envs: ["DB_POOL=150"] }, db: { command: ["postgres", "-c", "max_connections=200"] } }),
    ],
    fails: {
      "shop-db may be asked for 160 connections (api 4 × 40), and takes 97": kubernetesShop({
        outline: { autoscale: { min: 2, max: 4 } },
        container: { env: pool("40") },
      }),
      "shop-db may be asked for 50 connections (api 1 × 50), and takes 37": dockerShop({
        api: { envs: ["DB_POOL_SIZE=20", "DB_MAX_OVERFLOW=30"] },
        db: { command: ["postgres", "-c", "max_connections=40"] },
      }),
    },
  },
  "exemption-has-reason": {
    passes: [
      { resources: [] },
      {
        resources: [],
        settings: { exemptions: [{ resource: "a", rule: "no-ssh", reason: "r", until: "2026-11-21" }] },
      },
    ],
    fails: {
      "policy:exemptions[0] (no-ssh of a) gives no reason": {
        resources: [],
        settings: { exemptions: [{ resource: "a", rule: "no-ssh", reason: " ", until: "2027-01-01" }] },
      },
      "policy:exemptions[0] (no-ssh of a) ended on 2026-11-20": {
        resources: [],
        settings: { exemptions: [{ resource: "a", rule: "no-ssh", reason: "r", until: "2026-11-20" }] },
      },
      "policy:exemptions[0] (no-such of a) names no-such, which is no rule's id": {
        resources: [],
        settings: { exemptions: [{ resource: "a", rule: "no-such", reason: "r", until: "2027-01-01" }] },
      },
      'policy:exemptions[0] (no-ssh of ?) names no resource; policy:exemptions[0] (no-ssh of ?) has no end: use until: "YYYY-MM-DD"':
        { resources: [], settings: { exemptions: [{ rule: "no-ssh", reason: "r", until: "2027-02-30" }] } },
    },
  },
};
