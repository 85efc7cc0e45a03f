import assert from "node:assert/strict";
import { external } from "../../components/core/connect";
import type { SystemBuilder } from "../../components/core/system";
import type { RenderingOptions } from "../../components/targets/kubernetes/options";
import { manifestsOf } from "../../components/targets/kubernetes/render";
import { image, kubernetesModelOf, manifestsOfService, matchLabels, named, only, rulesOf } from "../support/kubernetes";

const render = (describe: (shop: SystemBuilder) => void, options: RenderingOptions = {}) =>
  manifestsOf(kubernetesModelOf(describe, options));

describe("names in the cluster", () => {
  it("lead to the ports of a service under the numbers that it listens on", () => {
    const ports = { http: { number: 8080 }, dns: { number: 53, protocol: "udp" } } as const;
    assert.deepEqual(only(manifestsOfService({ ports }), "Service").spec, {
      selector: matchLabels,
      ports: [
        { name: "dns", port: 53, targetPort: 53, protocol: "UDP" },
        { name: "http", port: 8080, targetPort: 8080, protocol: "TCP" },
      ],
    });
    assert.deepEqual(named(manifestsOfService({}), "Service"), []);
  });

  it("are headless for pods that others wait for or read metrics from, with or without ports", () => {
    const manifests = kubernetesModelOf((shop) => {
      const db = shop.service("db", { image, ports: { pg: { number: 5432 } } });
      shop.service("api", { image }).connectsTo(db);
    }).services.flatMap(({ manifests }) => manifests);
    assert.deepEqual(named(manifests, "Service"), ["db", "db-pods"]);
    assert.equal(only(manifests, "Service", "db-pods").spec.clusterIP, "None");
    const measured = { ports: { http: { number: 80 } }, metrics: { port: "http" } };
    assert.deepEqual(named(manifestsOfService(measured), "Service"), ["api", "api-pods"]);
    const stateful = only(manifestsOfService({ kind: "stateful" }), "Service", "api-pods");
    assert.deepEqual(stateful.spec, { clusterIP: "None", selector: matchLabels });
  });
});

describe("network policies", () => {
  it("deny everything to every pod, but for questions to the cluster's DNS", () => {
    const manifests = manifestsOfService({ ports: { http: { number: 80 } } });
    assert.deepEqual(named(manifests, "NetworkPolicy"), ["all.deny", "all.dns"]);
    assert.deepEqual(only(manifests, "NetworkPolicy", "all.deny").spec, {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const dns = only(manifests, "NetworkPolicy", "all.dns");
    assert.deepEqual(rulesOf(dns), ["out namespace:kube-system 53/TCP", "out namespace:kube-system 53/UDP"]);
    assert.deepEqual(dns.spec.policyTypes, ["Egress"]);
  });

  it("allow a declared connection on both sides, with its port and protocol", () => {
    const manifests = render((shop) => {
      const db = shop.service("db", { image, ports: { pg: { number: 5432 }, log: { number: 514, protocol: "udp" } } });
      shop.service("api", { image }).connectsTo(db.endpoint("pg")).connectsTo(db.endpoint("log"));
      shop.service("other", { image });
    });
    assert.deepEqual(named(manifests, "NetworkPolicy"), ["all.deny", "all.dns", "api", "db"]);
    const [api, db] = ["api", "db"].map((name) => only(manifests, "NetworkPolicy", name));
    assert.ok(api && db);
    assert.deepEqual(rulesOf(api), ["out db 514/UDP", "out db 5432/TCP"]);
    assert.deepEqual(rulesOf(db), ["in api 514/UDP", "in api 5432/TCP"]);
    assert.deepEqual(db.spec.podSelector, { matchLabels: { "app.kubernetes.io/name": "db" } });
    assert.deepEqual(db.spec.policyTypes, ["Ingress", "Egress"]);
  });

  it("let a service out to an address, or by a name to the whole internet and nothing internal", () => {
    const outOf = (host: string, options: RenderingOptions = {}) => {
      const manifests = render((shop) => void shop.service("api", { image }).reaches(external(host, 443)), options);
      return rulesOf(only(manifests, "NetworkPolicy"));
    };
    assert.deepEqual(outOf("192.168.7.9"), ["out 192.168.7.9/32 443/TCP"]);
    assert.deepEqual(outOf("2001:db8::1"), ["out 2001:db8::1/128 443/TCP"]);
    assert.deepEqual(outOf("api.exchange.com"), [
      "out 0.0.0.0/0-10.0.0.0/8-100.64.0.0/10-169.254.0.0/16-172.16.0.0/12-192.168.0.0/16 443/TCP",
      "out ::/0-fc00::/7-fe80::/10 443/TCP",
    ]);
    assert.deepEqual(outOf("api.exchange.com", { internalRanges: ["10.1.0.0/16"] }), [
      "out 0.0.0.0/0-10.1.0.0/16 443/TCP",
      "out ::/0 443/TCP",
    ]);
  });

  it("let the cluster's monitoring in where there are metrics, if it is named", () => {
    const spec = { ports: { http: { number: 80 }, stats: { number: 9000 } }, metrics: { port: "stats" } } as const;
    const policy = only(manifestsOfService(spec, { monitoringNamespace: "monitoring" }), "NetworkPolicy");
    assert.deepEqual(rulesOf(policy), ["in namespace:monitoring 9000/TCP"]);
    assert.deepEqual(named(manifestsOfService(spec), "NetworkPolicy"), ["all.deny", "all.dns"]);
  });
});

describe("an ingress", () => {
  const ingress = { domain: "example.com", className: "traefik", tlsSecret: "wildcard", namespace: "traefik" };

  it("leads to a public HTTP port, with TLS, and lets the controller in", () => {
    const ports = {
      http: { number: 8080, exposure: "public" },
      admin: { number: 9000, exposure: "loopback" },
    } as const;
    const manifests = manifestsOfService({ ports }, { ingress });
    assert.deepEqual(only(manifests, "Ingress").spec, {
      ingressClassName: "traefik",
      tls: [{ hosts: ["api-shop.example.com"], secretName: "wildcard" }],
      rules: [
        {
          host: "api-shop.example.com",
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "api", port: { number: 8080 } } } }],
          },
        },
      ],
    });
    assert.deepEqual(rulesOf(only(manifests, "NetworkPolicy")), ["in namespace:traefik 8080/TCP"]);
  });

  it("has the controller's own certificate where TLS is asked for without another one", () => {
    const ports = { http: { number: 8080, exposure: "public" } } as const;
    const model = kubernetesModelOf((shop) => void shop.service("api", { image, ports }), {
      ingress: { domain: "example.com", tls: true },
    });
    const [api] = model.services;
    assert.deepEqual(only(api?.manifests ?? [], "Ingress").spec.tls, [{ hosts: ["api-shop.example.com"] }]);
    assert.deepEqual(api?.addresses, { http: "https://api-shop.example.com" });
  });

  it("has a name for each of several ports, and says where they answer", () => {
    const { services } = kubernetesModelOf(
      (shop) =>
        void shop.service("api", {
          image,
          ports: { http: { number: 8080, exposure: "public" }, ui: { number: 8081, exposure: "public" } },
          provides: { main: { port: "http" }, console: { port: "ui", scheme: "http" } },
        }),
      { ingress: { domain: "example.com" } },
    );
    assert.deepEqual(services[0]?.addresses, {
      http: "http://api-http-shop.example.com",
      ui: "http://api-ui-shop.example.com",
    });
    assert.deepEqual(rulesOf(only(services[0]?.manifests ?? [], "NetworkPolicy")), [
      "in namespace:ingress 8080/TCP",
      "in namespace:ingress 8081/TCP",
    ]);
  });

  it("is for no port that speaks something else, nor for one that is not public", () => {
    for (const port of [
      { number: 80, exposure: "loopback" },
      { number: 80, exposure: "internal" },
    ] as const)
      assert.deepEqual(named(manifestsOfService({ ports: { http: port } }, { ingress }), "Ingress"), []);
    const pg = { pg: { number: 5432, exposure: "public" } } as const;
    assert.deepEqual(named(manifestsOfService({ ports: pg }, { ingress }), "Ingress"), []);
    assert.deepEqual(named(manifestsOfService({ ports: pg }, { ingress }), "NetworkPolicy"), ["all.deny", "all.dns"]);
  });
});
