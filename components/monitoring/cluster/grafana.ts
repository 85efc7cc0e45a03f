import { stringify } from "yaml";
import { clusterDashboards } from "../../../dashboards/cluster";
import type { SecretPlan } from "../../core/plan-types";
import { SecretRef } from "../../core/value";
import { shortHash } from "../../targets/names";
import { dashboardLabel } from "../../targets/kubernetes/monitors";
import { grafanaVariables, prometheusSource } from "../grafana";
import { monitorOf } from "./monitor";
import type { ClusterMonitoringOptions } from "./options";
import { imageOf, userOf, whyNot } from "./options";
import { accountOf, type ClusterObject, clusterRights, metadata, object } from "./objects";
import { deploymentOf, httpProbe, serviceOf } from "./pods";
import { claimOf, prometheusPort } from "./prometheus";

export const grafanaPort = 3000;
const part = "grafana";
const provisioning = "/etc/grafana/provisioning";
const dashboards = "/var/lib/grafana-dashboards";
const passwordSecret = "grafana-admin";

const passwordKey = "password";
const password = new SecretRef("monitoring", "grafana-admin-password");

/** The password of the first user, of which there is none that everybody knows. */
export const grafanaSecret: SecretPlan = { ref: password, source: { from: "generated", length: 32, rotation: 0 } };

/** Why Grafana is left out, as far as its images cannot be had. */
export const whyNoGrafana = (options: ClusterMonitoringOptions): string | undefined =>
  whyNot(["grafana", "k8sSidecar"], options);

/** Grafana with the dashboards of every namespace, which a container beside it brings as they come and go. */
export function grafanaObjects(options: ClusterMonitoringOptions): readonly ClusterObject[] {
  const { namespace, storageClass } = options;
  const files = {
    "prometheus.yml": stringify(prometheusSource(`http://prometheus:${prometheusPort}`, "30s")),
    "dashboards.yml": stringify(providers),
  };
  return [
    accountOf(namespace, part),
    // dashboards lie where the systems are; a system's secrets are never in a ConfigMap
    ...clusterRights(namespace, part, [
      { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
    ]),
    object("v1", "ConfigMap", metadata(namespace, part), { data: files }),
    object("v1", "Secret", metadata(namespace, part, passwordSecret), {
      type: "Opaque",
      stringData: { [passwordKey]: password },
    }),
    object("v1", "PersistentVolumeClaim", metadata(namespace, part), { spec: claimOf("512Mi", storageClass) }),
    deploymentOf(
      namespace,
      {
        part,
        user: userOf("grafana"),
        token: true,
        content: shortHash(JSON.stringify(files)),
        containers: [grafana(options), sidecar(options)],
        volumes: [
          { name: "data", persistentVolumeClaim: { claimName: part } },
          { name: "provisioning", configMap: { name: part } },
          { name: "dashboards", emptyDir: { sizeLimit: "64Mi" } },
          { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
          { name: "password", secret: { secretName: passwordSecret } },
        ],
      },
      "its volume is one pod's at a time, and nobody is woken up by way of it",
    ),
    ...clusterDashboards().map(({ uid, model }) => {
      const { labels, ...rest } = metadata(namespace, part, `dashboard-${uid}`);
      return object(
        "v1",
        "ConfigMap",
        { ...rest, labels: { ...labels, [dashboardLabel]: "1" } },
        { data: { [`${uid}.json`]: `${JSON.stringify(model)}\n` } },
      );
    }),
    serviceOf(namespace, part, { http: grafanaPort }),
    monitorOf(options, part, "http"),
  ];
}

function grafana(options: ClusterMonitoringOptions) {
  const variables = grafanaVariables({
    passwordFile: `/etc/grafana/secrets/${passwordKey}`,
    links: options.links,
    own: { GF_AUTH_ANONYMOUS_ENABLED: "false" },
  });
  return {
    name: part,
    image: imageOf("grafana", options),
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    ports: { http: grafanaPort },
    amounts: { cpu: [50, 1000], memory: [128, 512] },
    ready: httpProbe("http", "/api/health"),
    live: { tcpSocket: { port: "http" } },
    mounts: [
      { name: "data", mountPath: "/var/lib/grafana" },
      { name: "dashboards", mountPath: dashboards, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      { name: "password", mountPath: "/etc/grafana/secrets", readOnly: true },
      ...Object.entries({ "prometheus.yml": "datasources", "dashboards.yml": "dashboards" }).map(([file, folder]) => ({
        name: "provisioning",
        mountPath: `${provisioning}/${folder}/${file}`,
        subPath: file,
        readOnly: true,
      })),
    ],
  } as const;
}

function sidecar(options: ClusterMonitoringOptions) {
  const variables = {
    LABEL: dashboardLabel,
    LABEL_VALUE: "1",
    FOLDER: dashboards,
    NAMESPACE: "ALL",
    RESOURCE: "configmap",
  };
  return {
    name: "dashboards",
    image: imageOf("k8sSidecar", options),
    env: Object.entries({ ...variables, HEALTH_PORT: "8081" }).map(([name, value]) => ({ name, value })),
    ports: { health: 8081 },
    amounts: { cpu: [10, 100], memory: [64, 128] },
    ready: httpProbe("health", "/healthz"),
    live: { tcpSocket: { port: "health" } },
    mounts: [
      { name: "dashboards", mountPath: dashboards },
      { name: "tmp", mountPath: "/tmp" },
    ],
  } as const;
}

const providers = {
  apiVersion: 1,
  providers: [
    {
      name: "cluster",
      type: "file",
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: dashboards },
    },
  ],
};
