import { type PlainRecord, recordAt } from "../../../policy/facts/plain";
import type { Resource } from "../../../policy/facts/stack";
import { rules } from "../../../policy/rules/index";
import type { Settings } from "../../../policy/rules/rule";

export const settings: Settings = {
  exemptions: [],
  registries: [],
  ruleIds: rules.map(({ id }) => id),
  today: "2026-11-21",
};

export const digest = `sha256:${"a".repeat(64)}`;

/** A container of Docker that keeps every rule, but for these inputs. */
export function container(changes: PlainRecord = {}, resource: Partial<Resource> = {}): Resource {
  const name = "shop-api";
  return dockerResource("container:Container", name, { ...containerInputs, name, ...changes }, resource);
}

export function dockerResource(
  type: string,
  name: string,
  inputs: unknown,
  resource: Partial<Resource> = {},
): Resource {
  return { type: `docker:index/${type}`, name, urn: `urn:${type}::${name}`, inputs, ...resource };
}

const containerInputs: PlainRecord = {
  image: `shop/api:1.4.2@${digest}`,
  user: "10001:10001",
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges"],
  cpus: "0.5",
  memory: 256,
  ulimits: [{ name: "nproc", soft: 256, hard: 256 }],
  envs: ["LOG_LEVEL=info"],
  healthcheck: { tests: ["CMD", "true"] },
  restart: "unless-stopped",
  stopTimeout: 30,
  destroyGraceSeconds: 30,
  logDriver: "json-file",
  logOpts: { "max-file": "3", "max-size": "10m" },
  networkMode: "bridge",
  networksAdvanced: [{ name: "shop-api.db", aliases: ["api"] }],
  ports: [{ internal: 8080, external: 18080, ip: "127.0.0.1", protocol: "tcp" }],
  labels: [
    { label: "twofold.system", value: "shop" },
    { label: "twofold.service", value: "api" },
  ],
};

const labelsOf = (name: string) => ({ "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "shop" });
export const labels = labelsOf("api");

/** An object of Kubernetes in the namespace shop. */
export function object(
  kind: string,
  spec: unknown,
  more: PlainRecord = {},
  resource: Partial<Resource> = {},
): Resource {
  const { apiVersion = versions[kind] ?? "v1", metadata, ...rest } = more;
  const { name: called = "api", ...others } = recordAt(metadata);
  const given = { name: called, namespace: "shop", labels: labelsOf(String(called)), ...others };
  const inputs = { apiVersion, kind, metadata: given, ...(spec === undefined ? {} : { spec }), ...rest };
  const version = apiVersion === "v1" ? "core/v1" : String(apiVersion);
  const name = String(given.name);
  return { type: `kubernetes:${version}:${kind}`, name, urn: `urn:${kind}::${name}`, inputs, ...resource };
}

const versions: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  HorizontalPodAutoscaler: "autoscaling/v2",
  PodDisruptionBudget: "policy/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  Ingress: "networking.k8s.io/v1",
  Role: "rbac.authorization.k8s.io/v1",
  ClusterRole: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
  ClusterRoleBinding: "rbac.authorization.k8s.io/v1",
  ServiceMonitor: "monitoring.coreos.com/v1",
  APIService: "apiregistration.k8s.io/v1",
};

export const selectorOf = (name: string) => ({ matchLabels: { "app.kubernetes.io/name": name } });
export const selector = selectorOf("api");

interface PodChanges {
  readonly container?: PlainRecord;
  /** Of the container's security context. */
  readonly security?: PlainRecord;
  readonly pod?: PlainRecord;
  readonly spec?: PlainRecord;
  readonly kind?: string;
  readonly name?: string;
  readonly metadata?: PlainRecord;
}

/** A Deployment that keeps every rule, but for these fields. */
export function pod(changes: PodChanges = {}, resource: Partial<Resource> = {}): Resource {
  const { kind = "Deployment", name = "api" } = changes;
  const securityContext = { ...containerSecurity, ...changes.security };
  const spec = {
    ...podSpec,
    serviceAccountName: name,
    containers: [{ ...podContainer, name, securityContext, ...changes.container }],
    ...changes.pod,
  };
  const template = { metadata: { labels: labelsOf(name) }, spec };
  const strategy = { type: "RollingUpdate", rollingUpdate };
  const replicated = kind === "Job" ? {} : { replicas: 2, selector: selectorOf(name), strategy };
  return object(
    kind,
    { ...replicated, template, ...changes.spec },
    { metadata: { name, ...changes.metadata } },
    resource,
  );
}

const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };

const containerSecurity: PlainRecord = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

const podContainer: PlainRecord = {
  image: `shop/api:1.4.2@${digest}`,
  env: [{ name: "LOG_LEVEL", value: "info" }],
  ports: [{ name: "http", containerPort: 8080 }],
  resources: {
    requests: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "32Mi" },
    limits: { cpu: "0.5", memory: "256Mi", "ephemeral-storage": "1Gi" },
  },
  startupProbe: { tcpSocket: { port: 8080 } },
  readinessProbe: { httpGet: { port: 8080, path: "/health" } },
  livenessProbe: { tcpSocket: { port: 8080 } },
  volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
};

const podSpec: PlainRecord = {
  automountServiceAccountToken: false,
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  priorityClassName: "production",
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10_001,
    runAsGroup: 10_001,
    seccompProfile: { type: "RuntimeDefault" },
  },
  topologySpreadConstraints: [{ topologyKey: "kubernetes.io/hostname", maxSkew: 1, labelSelector: selector }],
  volumes: [{ name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }],
};
