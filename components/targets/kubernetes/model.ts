import type { Wait } from "../../core/plan-types";
import type { Value } from "../../core/value";
import type { Goal } from "./goal";
import type { PodTemplate, Protocol, Selector } from "./pod-model";

/** A system as Kubernetes objects: plain data, deterministic and sorted. Only in Secrets are there references to secrets. */
export interface KubernetesModel {
  readonly system: string;
  readonly namespace: string;
  /** What belongs to the system as a whole: its namespace, and the policies that hold for every pod. */
  readonly shared: readonly Manifest[];
  /** In start order. */
  readonly services: readonly ServiceModel[];
}

/** The objects of one service. */
export interface ServiceModel {
  readonly name: string;
  /** Why it cannot run here. Everything is rendered nevertheless, and nothing of it is made. */
  readonly omitted?: string;
  readonly manifests: readonly Manifest[];
  readonly waits: readonly Wait[];
  readonly goal: Goal;
  /** Where each port with an ingress answers, by the port's name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The other exposed ports, by their names. */
  readonly forwards: Readonly<Record<string, ForwardModel>>;
}

/** A port that is reached through one of the own machine. */
export interface ForwardModel {
  readonly number: number;
  readonly local: number;
}

/** Every kind of object that the target makes, in the order in which they are to be applied. */
export const kinds = [
  ...["Namespace", "NetworkPolicy", "ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim", "Service"],
  ...["Deployment", "StatefulSet", "Job", "CronJob", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"],
  ...["ServiceMonitor", "PrometheusRule"],
] as readonly Manifest["kind"][];

/** The kinds that run pods. */
export const workloadKinds: readonly Manifest["kind"][] = ["Deployment", "StatefulSet", "Job", "CronJob"];

export type Manifest =
  | NamespaceManifest
  | NetworkPolicyManifest
  | ServiceAccountManifest
  | ConfigMapManifest
  | SecretManifest
  | ClaimManifest
  | ServiceManifest
  | DeploymentManifest
  | StatefulSetManifest
  | JobManifest
  | CronJobManifest
  | AutoscalerManifest
  | DisruptionBudgetManifest
  | IngressManifest
  | ServiceMonitorManifest
  | PrometheusRuleManifest;

export interface Metadata {
  readonly name: string;
  /** Absent for the namespace itself. */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface ApiObject<Version extends string, Kind extends string> {
  readonly apiVersion: Version;
  readonly kind: Kind;
  readonly metadata: Metadata;
}

interface Specified<Version extends string, Kind extends string, Spec> extends ApiObject<Version, Kind> {
  readonly spec: Spec;
}

export type NamespaceManifest = ApiObject<"v1", "Namespace">;

export interface ServiceAccountManifest extends ApiObject<"v1", "ServiceAccount"> {
  readonly automountServiceAccountToken: false;
}

export interface ConfigMapManifest extends ApiObject<"v1", "ConfigMap"> {
  readonly data: Readonly<Record<string, string>>;
}

/** The only place of secrets: each value is a reference, or a text with references in it. */
export interface SecretManifest extends ApiObject<"v1", "Secret"> {
  readonly type: "Opaque";
  readonly stringData: Readonly<Record<string, Value>>;
}

export interface ClaimSpec {
  readonly accessModes: readonly ["ReadWriteOnce"];
  readonly storageClassName?: string;
  readonly resources: { readonly requests: { readonly storage: string } };
}

export type ClaimManifest = Specified<"v1", "PersistentVolumeClaim", ClaimSpec>;

export type ServiceManifest = Specified<
  "v1",
  "Service",
  {
    readonly clusterIP?: "None";
    readonly selector: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name: string;
      readonly port: number;
      readonly targetPort: number;
      readonly protocol: Protocol;
    }[];
  }
>;

export type DeploymentManifest = Specified<
  "apps/v1",
  "Deployment",
  {
    /** Absent where an autoscaler decides. */
    readonly replicas?: number;
    readonly selector: Selector;
    readonly strategy:
      | { readonly type: "Recreate" }
      | {
          readonly type: "RollingUpdate";
          readonly rollingUpdate: { readonly maxSurge: number; readonly maxUnavailable: number };
        };
    readonly minReadySeconds: number;
    readonly progressDeadlineSeconds: number;
    readonly template: PodTemplate;
  }
>;

export type StatefulSetManifest = Specified<
  "apps/v1",
  "StatefulSet",
  {
    readonly replicas: number;
    readonly serviceName: string;
    readonly selector: Selector;
    readonly podManagementPolicy: "Parallel";
    readonly updateStrategy: { readonly type: "RollingUpdate" };
    readonly minReadySeconds: number;
    readonly template: PodTemplate;
    readonly volumeClaimTemplates?: readonly {
      readonly metadata: { readonly name: string };
      readonly spec: ClaimSpec;
    }[];
  }
>;

export interface JobSpec {
  readonly completions: number;
  readonly parallelism: number;
  readonly backoffLimit?: number;
  readonly template: PodTemplate;
}

export type JobManifest = Specified<"batch/v1", "Job", JobSpec>;

export type CronJobManifest = Specified<
  "batch/v1",
  "CronJob",
  {
    readonly schedule: string;
    readonly timeZone: "Etc/UTC";
    readonly concurrencyPolicy: "Forbid";
    readonly jobTemplate: { readonly spec: JobSpec };
  }
>;

export type AutoscalerManifest = Specified<
  "autoscaling/v2",
  "HorizontalPodAutoscaler",
  {
    readonly scaleTargetRef: { readonly apiVersion: "apps/v1"; readonly kind: "Deployment"; readonly name: string };
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly behavior: { readonly scaleDown: { readonly stabilizationWindowSeconds: number } };
    readonly metrics: readonly {
      readonly type: "Resource";
      readonly resource: {
        readonly name: "cpu";
        readonly target: { readonly type: "Utilization"; readonly averageUtilization: number };
      };
    }[];
  }
>;

export type DisruptionBudgetManifest = Specified<
  "policy/v1",
  "PodDisruptionBudget",
  {
    readonly maxUnavailable: number;
    readonly selector: Selector;
    readonly unhealthyPodEvictionPolicy: "AlwaysAllow";
  }
>;

export interface PolicyPort {
  readonly port: number;
  readonly protocol: Protocol;
}

export type PolicyPeer =
  | { readonly podSelector: Selector }
  | { readonly namespaceSelector: Selector }
  | { readonly ipBlock: { readonly cidr: string; readonly except?: readonly string[] } };

export type NetworkPolicyManifest = Specified<
  "networking.k8s.io/v1",
  "NetworkPolicy",
  {
    readonly podSelector: Partial<Selector>;
    readonly policyTypes: readonly ("Ingress" | "Egress")[];
    readonly ingress?: readonly { readonly from: readonly PolicyPeer[]; readonly ports: readonly PolicyPort[] }[];
    readonly egress?: readonly { readonly to: readonly PolicyPeer[]; readonly ports: readonly PolicyPort[] }[];
  }
>;

export type IngressManifest = Specified<
  "networking.k8s.io/v1",
  "Ingress",
  {
    readonly ingressClassName?: string;
    readonly tls?: readonly { readonly hosts: readonly string[]; readonly secretName?: string }[];
    readonly rules: readonly {
      readonly host: string;
      readonly http: {
        readonly paths: readonly {
          readonly path: "/";
          readonly pathType: "Prefix";
          readonly backend: {
            readonly service: { readonly name: string; readonly port: { readonly number: number } };
          };
        }[];
      };
    }[];
  }
>;

/** A label that a target gets, or what keeps it. */
export interface Relabeling {
  readonly action?: "keep" | "drop" | "labeldrop" | "replace";
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
}

/** How prometheus-operator is told to read the metrics of a service. */
export type ServiceMonitorManifest = Specified<
  "monitoring.coreos.com/v1",
  "ServiceMonitor",
  {
    readonly selector: Selector;
    readonly namespaceSelector?: { readonly matchNames: readonly string[] };
    readonly sampleLimit: number;
    readonly endpoints: readonly {
      readonly port: string;
      readonly path: string;
      readonly interval: string;
      readonly scrapeTimeout: string;
      readonly honorLabels?: true;
      readonly relabelings: readonly Relabeling[];
      readonly metricRelabelings?: readonly Relabeling[];
    }[];
  }
>;

/** Rules that prometheus-operator gives to Prometheus: the content of a rule file. */
export type PrometheusRuleManifest = Specified<"monitoring.coreos.com/v1", "PrometheusRule", object>;
