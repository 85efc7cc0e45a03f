/** The part of a pod's specification that a description can ask for, under the names of the Kubernetes API. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: false;
  readonly enableServiceLinks: false;
  readonly restartPolicy: "Always" | "OnFailure" | "Never";
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: PodSecurityContext;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly [Container];
  readonly volumes?: readonly Volume[];
  readonly topologySpreadConstraints?: readonly SpreadConstraint[];
}

export interface PodSecurityContext {
  readonly runAsNonRoot: boolean;
  readonly runAsUser: number;
  readonly runAsGroup: number;
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: "OnRootMismatch";
  readonly supplementalGroups?: readonly number[];
  readonly seccompProfile: { readonly type: "RuntimeDefault" };
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { readonly containerPort: number; readonly protocol: Protocol }[];
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly securityContext: ContainerSecurityContext;
  readonly startupProbe?: ProbeModel;
  readonly readinessProbe?: ProbeModel;
  readonly livenessProbe?: ProbeModel;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly volumeMounts?: readonly VolumeMount[];
}

export interface ContainerSecurityContext {
  readonly allowPrivilegeEscalation: boolean;
  readonly readOnlyRootFilesystem: boolean;
  readonly capabilities: { readonly drop: readonly ["ALL"]; readonly add?: readonly string[] };
  readonly appArmorProfile?:
    | { readonly type: "Unconfined" }
    | { readonly type: "Localhost"; readonly localhostProfile: string };
}

export type Protocol = "TCP" | "UDP";

export type EnvVar =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string;
      readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
    };

export type ProbeAction =
  | { readonly httpGet: { readonly port: number; readonly path: string } }
  | { readonly tcpSocket: { readonly port: number } }
  | { readonly exec: { readonly command: readonly string[] } };

export type ProbeModel = ProbeAction & {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
};

/** A key of a ConfigMap or Secret as a file. */
export interface FileItem {
  readonly key: string;
  readonly path: string;
  readonly mode: number;
}

export type Volume = { readonly name: string } & (
  | { readonly configMap: { readonly name: string; readonly items: readonly FileItem[] } }
  | { readonly secret: { readonly secretName: string; readonly items: readonly FileItem[] } }
  | { readonly emptyDir: { readonly medium: "Memory"; readonly sizeLimit: string } }
  | { readonly hostPath: { readonly path: string } }
  | { readonly persistentVolumeClaim: { readonly claimName: string } }
);

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: true;
}

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: "ScheduleAnyway";
  readonly labelSelector: Selector;
}

export interface Selector {
  readonly matchLabels: Readonly<Record<string, string>>;
}
