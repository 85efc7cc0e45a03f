import assert from "node:assert/strict";
import { type Item, previewEvents } from "../support/engine-events";
import { previewOf, stackOf } from "../support/previews";
import { shop } from "../support/shop";

type Inputs = Item["inputs"];

/** What is opened between two states of one resource, as `to what`. */
function opened(type: string, before: Inputs | undefined, after: Inputs | undefined): readonly string[] {
  const item = (inputs: Inputs | undefined): Item[] => (inputs === undefined ? [] : [{ type, name: "it", inputs }]);
  const events = previewEvents(item(before), item(after));
  return stackOf({ stack: "dev", events }).exposures.map(({ to, what }) => `${to} ${what}`);
}

interface Case {
  readonly type: string;
  readonly before?: Inputs;
  readonly after?: Inputs;
  readonly opens: readonly string[];
}

const container = "docker:index/container:Container";
const port = (ip: string | undefined, external: number, internal = 80) => ({
  internal,
  external,
  protocol: "tcp",
  ...(ip === undefined ? {} : { ip }),
});
const ingress = (host: string, tls: readonly string[]) => ({
  spec: {
    tls: [{ hosts: tls }],
    rules: [{ host, http: { paths: [{ path: "/", backend: { service: { name: "web", port: { number: 80 } } } }] } }],
  },
});
const ports = [{ port: 80, protocol: "TCP" }];
const pod = (spec: object) => ({ spec: { template: { spec } } });

const cases: Readonly<Record<string, Case>> = {
  "a port on every address": {
    type: container,
    before: {},
    after: { ports: [port("0.0.0.0", 8080)] },
    opens: ["network 0.0.0.0:8080/tcp"],
  },
  "a port without an address": {
    type: container,
    before: {},
    after: { ports: [port(undefined, 8080)] },
    opens: ["network 0.0.0.0:8080/tcp"],
  },
  "a port of the machine itself": {
    type: container,
    before: {},
    after: { ports: [port("127.0.0.1", 8080)] },
    opens: ["machine 127.0.0.1:8080/tcp"],
  },
  "a port that leaves the machine": {
    type: container,
    before: { ports: [port("127.0.0.1", 8080)] },
    after: { ports: [port("0.0.0.0", 8080)] },
    opens: ["network 0.0.0.0:8080/tcp"],
  },
  "a port with another number inside": {
    type: container,
    before: { ports: [port("0.0.0.0", 8080)] },
    after: { ports: [port("0.0.0.0", 8080, 81)] },
    opens: [],
  },
  "a port that is closed": { type: container, before: { ports: [port("0.0.0.0", 8080)] }, after: {}, opens: [] },
  "the machine's network": {
    type: container,
    before: { networkMode: "bridge" },
    after: { networkMode: "host" },
    opens: ["network every port of the process, on the machine's own network"],
  },
  "a new ingress": {
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    after: ingress("shop.example.com", ["shop.example.com"]),
    opens: ["anyone https://shop.example.com/ to web:80"],
  },
  "an ingress that loses its TLS": {
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    before: ingress("shop.example.com", ["shop.example.com"]),
    after: ingress("shop.example.com", []),
    opens: ["anyone http://shop.example.com/ to web:80"],
  },
  "an ingress for whatever is asked": {
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    after: { spec: { defaultBackend: { service: { name: "web", port: { name: "http" } } } } },
    opens: ["anyone http://*/ to web:http"],
  },
  "a load balancer": {
    type: "kubernetes:core/v1:Service",
    before: { spec: { ports } },
    after: { spec: { type: "LoadBalancer", ports } },
    opens: ["anyone load balancer 80/tcp"],
  },
  "a port of every node, and an address": {
    type: "kubernetes:core/v1:Service",
    before: { spec: { ports } },
    after: { spec: { type: "NodePort", ports, externalIPs: ["192.0.2.1"] } },
    opens: ["network a port of every node for 80/tcp", "network address 192.0.2.1 80/tcp"],
  },
  "a pod on its node's network": {
    type: "kubernetes:apps/v1:Deployment",
    before: pod({ containers: [] }),
    after: pod({ hostNetwork: true, containers: [{ ports: [{ containerPort: 80, hostPort: 8080 }] }] }),
    opens: ["network every port of the process, on the machine's own network", "network port 8080 of the node"],
  },
};

describe("what a change opens", () => {
  for (const [name, { type, before, after, opens }] of Object.entries(cases))
    it(`is found: ${name}`, () => {
      assert.deepEqual(opened(type, before, after), opens);
    });

  it("is not what another container of the same service had open before", () => {
    const copies = (replicas: number) => shop({ exposure: "loopback", web: { replicas } });
    const { exposures, changes } = stackOf(previewOf(copies(1), copies(1)));
    assert.deepEqual([exposures, changes], [[], []]);
    const parent = { type: "twofold:index:Service", name: "web" };
    const web = (name: string): Item => ({ type: container, name, parent, inputs: { ports: [port("0.0.0.0", 80)] } });
    const component = { ...parent, component: true, inputs: {} };
    const renamed = previewEvents([component, web("web")], [component, web("web.1")]);
    assert.deepEqual(stackOf({ stack: "dev", events: renamed }).exposures, []);
  });

  it("is a connection between services that were not connected, on Docker by what is described", () => {
    const both = (connected: boolean) => (system: Parameters<ReturnType<typeof shop>>[0]) => {
      const db = system.service("db", {
        image: "a:1",
        ports: { main: { number: 5432 } },
        provides: { main: { port: "main" } },
      });
      const web = system.service("web", { image: "b:1" });
      if (connected) web.connectsTo(db);
    };
    const { exposures } = stackOf(previewOf(both(false), both(true)));
    assert.deepEqual(
      exposures.map(({ to, service, path, what }) => [to, service, path, what]),
      [["services", "db", "connections", "may be reached by web on 5432/tcp"]],
    );
    assert.deepEqual(stackOf(previewOf(undefined, both(true))).exposures, []);
  });
});

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const named = (name: string) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
const policy = (spec: object) => ({ spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec } });
const from = (peers: readonly object[], number?: number) =>
  policy({
    ingress: [{ from: peers, ...(number === undefined ? {} : { ports: [{ port: number, protocol: "TCP" }] }) }],
  });
const block = (cidr: string, ...except: readonly string[]) => ({
  ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) },
});

const policies: Readonly<Record<string, Omit<Case, "type">>> = {
  "another peer": {
    before: from([named("a")], 80),
    after: from([named("a"), named("b")], 80),
    opens: ["services may be reached by pods b on 80/tcp"],
  },
  "another port": {
    before: from([named("a")], 80),
    after: from([named("a")], 81),
    opens: ["services may be reached by pods a on 81/tcp"],
  },
  "any peer": {
    before: from([named("a")], 80),
    after: from([], 80),
    opens: ["anyone may be reached by anyone on 80/tcp"],
  },
  "any port": {
    before: from([named("a")], 80),
    after: from([named("a")]),
    opens: ["services may be reached by pods a on any port"],
  },
  "a block": {
    before: policy({}),
    after: policy({ egress: [{ to: [block("0.0.0.0/0", "10.0.0.0/8")], ports: [{ port: 443 }] }] }),
    opens: ["network may reach 0.0.0.0/0 except 10.0.0.0/8 on 443/tcp"],
  },
  "a namespace": {
    before: policy({}),
    after: from([{ namespaceSelector: { matchLabels: { team: "x" } }, podSelector: {} }], 80),
    opens: ["services may be reached by pods all of namespaces team=x on 80/tcp"],
  },
  "less than before": { before: from([], 80), after: from([named("a")], 80), opens: [] },
  "a port of the range of any": { before: from([named("a")]), after: from([named("a")], 80), opens: [] },
  "a direction that is left free": {
    before: policy({}),
    after: policy({ policyTypes: ["Ingress"] }),
    opens: ["anyone egress is no longer restricted"],
  },
  "a new policy for nothing that was there": {
    after: from([named("a"), block("192.0.2.0/24")], 80),
    opens: ["network may be reached by 192.0.2.0/24 on 80/tcp"],
  },
};

describe("what a network policy allows beyond the one before", () => {
  for (const [name, { before, after, opens }] of Object.entries(policies))
    it(`is found: ${name}`, () => {
      assert.deepEqual(opened(policyType, before, after), opens);
    });

  it("is all that it denied, when it goes and what it was for stays", () => {
    const workload: Item = { type: "kubernetes:apps/v1:Deployment", name: "web", inputs: {} };
    const denying: Item = { type: policyType, name: "deny", inputs: policy({}) };
    const gone = (after: readonly Item[]) =>
      stackOf({ stack: "dev", events: previewEvents([workload, denying], after) }).exposures.map(({ to }) => to);
    assert.deepEqual(gone([workload]), ["anyone"]);
    assert.deepEqual(gone([]), []);
  });

  it("is nothing, when a policy comes where there was none", () => {
    const workload: Item = { type: "kubernetes:apps/v1:Deployment", name: "web", inputs: {} };
    const events = previewEvents([workload], [workload, { type: policyType, name: "p", inputs: from([], 80) }]);
    assert.deepEqual(stackOf({ stack: "dev", events }).exposures, []);
  });
});
