/** Three services that answer on port 8080 with their name, and the policies and the way in between them. */
export const services = ["store", "shop", "stranger"] as const;
export type Service = (typeof services)[number];
export const namespace = "probe";
export const host = "shop.twofold.test";

const item = (apiVersion: string, kind: string, name: string, rest: object) => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...rest,
});
const restricted = {
  runAsNonRoot: true,
  runAsUser: 10_001,
  fsGroup: 10_001,
  seccompProfile: { type: "RuntimeDefault" },
};

function deployment(name: Service, image: string) {
  const volume = name === "store" ? { persistentVolumeClaim: { claimName: "data" } } : { emptyDir: {} };
  return item("apps/v1", "Deployment", name, {
    spec: {
      strategy: { type: "Recreate" },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 1,
          securityContext: restricted,
          containers: [
            {
              name: "web",
              image,
              imagePullPolicy: "Never",
              command: [
                "sh",
                "-c",
                `mkdir -p /data/www; echo ${name} >/data/www/index.html; exec busybox httpd -f -p 8080 -h /data/www`,
              ],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              ports: [{ containerPort: 8080 }],
              readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
          volumes: [{ name: "data", ...volume }],
        },
      },
    },
  });
}

const service = (name: Service) =>
  item("v1", "Service", name, { spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } });

/** A namespace that lets nothing in that Pod Security calls unrestricted, with everything but the policies. */
export const workloads = (image: string): readonly object[] => [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  },
  item("v1", "PersistentVolumeClaim", "data", {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
  }),
  ...services.flatMap((name) => [deployment(name, image), service(name)]),
  item("policy/v1", "PodDisruptionBudget", "store", {
    spec: { minAvailable: 1, selector: { matchLabels: { app: "store" } } },
  }),
  item("networking.k8s.io/v1", "Ingress", "shop", {
    spec: {
      rules: [
        {
          host,
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "shop", port: { number: 80 } } } }],
          },
        },
      ],
      tls: [{ hosts: [host], secretName: "shop" }],
    },
  }),
];

const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
const ofService = (name: Service) => ({ podSelector: { matchLabels: { app: name } } });
const port = [{ port: 8080, protocol: "TCP" }];

/** Nothing but names for everybody, the shop's way to the store, and the ingress controller's to the shop. */
export const policies: readonly object[] = [
  item("networking.k8s.io/v1", "NetworkPolicy", "deny", {
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }),
  item("networking.k8s.io/v1", "NetworkPolicy", "names", {
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [inNamespace("kube-system")], ports: [{ port: 53, protocol: "UDP" }] }],
    },
  }),
  item("networking.k8s.io/v1", "NetworkPolicy", "store", {
    spec: {
      podSelector: { matchLabels: { app: "store" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [ofService("shop")], ports: port }],
    },
  }),
  item("networking.k8s.io/v1", "NetworkPolicy", "shop", {
    spec: {
      podSelector: { matchLabels: { app: "shop" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [inNamespace("ingress")], ports: port }],
      egress: [{ to: [ofService("store")], ports: port }],
    },
  }),
];
