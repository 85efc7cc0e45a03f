import type { Cases } from "../support/cases";
import { container, object, pod, selectorOf } from "../support/plain";
import { dockerShop, kubernetesShop, peer } from "../support/shop";

const volume = (source: object) => pod({ pod: { volumes: [{ name: "files", ...source }] } });
const lost = { matchLabels: { app: "other" } };
const ingress = (changes: object = {}, port = 8080) =>
  object("Ingress", {
    tls: [{ hosts: ["shop.example.org"] }],
    rules: [
      {
        host: "shop.example.org",
        http: { paths: [{ backend: { service: { name: "api", port: { number: port } } } }] },
      },
    ],
    ...changes,
  });

/** Objects that name each other, and where traffic goes. */
export const referenceCases: Cases = {
  "service-account-exists": {
    passes: [kubernetesShop(), pod({ pod: { serviceAccountName: "default" } })],
    fails: { "api uses the ServiceAccount api, which is not there": pod() },
  },
  "references-resolve": {
    passes: [
      kubernetesShop(),
      volume({ configMap: { name: "other", optional: true } }),
      [volume({ secret: { secretName: "api" } }), object("Secret", undefined)],
    ],
    fails: {
      "api uses the ConfigMap files, which is not there": volume({ configMap: { name: "files" } }),
      "api uses the PersistentVolumeClaim data, which is not there": volume({
        persistentVolumeClaim: { claimName: "data" },
      }),
      "api uses the Secret api, which is not there": pod({
        container: { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "api", key: "a" } } }] },
      }),
      "api uses the Secret other, which is not there": [
        pod({ container: { envFrom: [{ secretRef: { name: "other" } }] } }),
        object("Secret", undefined, { metadata: { name: "other", namespace: "elsewhere" } }),
      ],
    },
  },
  "headless-service": {
    passes: [kubernetesShop()],
    fails: {
      "db names no Service": kubernetesShop({ db: { serviceName: undefined } }),
      "db names api, which is no headless Service": kubernetesShop({ db: { serviceName: "api" } }),
    },
  },
  "monitor-selects-service": {
    passes: [kubernetesShop({ more: [object("ServiceMonitor", { selector: selectorOf("api") })] })],
    fails: {
      "api selects no Service": kubernetesShop({ more: [object("ServiceMonitor", { selector: lost })] }),
    },
  },
  "network-isolated": {
    passes: [kubernetesShop(), dockerShop(), container({ networkMode: "none", networksAdvanced: undefined })],
    fails: {
      "shop-api is on Docker's default bridge": container({ networksAdvanced: undefined }),
      "api has no policy of the type Ingress and Egress": pod(),
      "api has no policy of the type Egress": [pod(), object("NetworkPolicy", { podSelector: {} })],
    },
  },
  "no-dangling-service": {
    passes: [
      kubernetesShop(),
      object("Service", { clusterIP: "None" }),
      [
        object("Prometheus", { podMetadata: { labels: { app: "api" } } }),
        object("Service", { selector: { app: "api" } }),
      ],
    ],
    fails: { "api selects no pods": object("Service", { selector: { app: "api" } }) },
  },
  "no-dangling-policy": {
    passes: [kubernetesShop(), kubernetesShop({ omitted: { cache: "no image" }, egress: [{ to: [peer("cache")] }] })],
    fails: {
      "api selects no pods": kubernetesShop({ more: [object("NetworkPolicy", { podSelector: lost })] }),
      "api has peers that select no pods": kubernetesShop({ egress: [{ to: [{ podSelector: lost }] }] }),
    },
  },
  "target-port-exists": {
    passes: [
      kubernetesShop(),
      [
        pod(),
        object("Service", { selector: selectorOf("api").matchLabels, ports: [{ port: 80, targetPort: "http" }] }),
      ],
    ],
    fails: {
      "api leads to port 80, which its pods do not have": [
        pod(),
        object("Service", { selector: selectorOf("api").matchLabels, ports: [{ port: 80 }] }),
      ],
    },
  },
  "ingress-valid-tls": {
    passes: [kubernetesShop({ more: [ingress()] })],
    fails: {
      "api serves shop.example.org without TLS": kubernetesShop({ more: [ingress({ tls: undefined })] }),
      "api leads to api:9090, which is not there": kubernetesShop({ more: [ingress({}, 9090)] }),
    },
  },
};
