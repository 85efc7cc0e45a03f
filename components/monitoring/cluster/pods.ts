import { confined, diskUse } from "../../targets/kubernetes/confinement";
import { type ClusterObject, labels, metadata, object } from "./objects";

/** Cores in thousandths, and MiB of memory: what is asked for, and what is the most. */
export interface Amounts {
  readonly cpu: readonly [number, number];
  readonly memory: readonly [number, number];
}

export function resourcesOf({ cpu, memory }: Amounts) {
  return {
    requests: { cpu: `${cpu[0]}m`, memory: `${memory[0]}Mi`, ...diskUse.requests },
    limits: { cpu: `${cpu[1]}m`, memory: `${memory[1]}Mi`, ...diskUse.limits },
  };
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** What Pod Security calls restricted, and more. */
export function podSecurity({ uid, gid }: User) {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

export interface ContainerPart {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly object[];
  readonly ports?: Readonly<Record<string, number>>;
  readonly amounts: Amounts;
  readonly ready?: object;
  readonly live?: object;
  readonly mounts?: readonly object[];
}

const probe = (action: object, failureThreshold: number) => ({
  ...action,
  periodSeconds: 10,
  timeoutSeconds: 5,
  failureThreshold,
});

export const httpProbe = (port: string, path: string): object => ({ httpGet: { port, path } });

function containerOf({ name, image, ports = {}, amounts, ready, live, mounts, ...rest }: ContainerPart) {
  return {
    name,
    image,
    ...rest,
    ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort, protocol: "TCP" })),
    resources: resourcesOf(amounts),
    securityContext: confined,
    ...(ready === undefined ? {} : { readinessProbe: probe(ready, 3) }),
    ...(live === undefined ? {} : { startupProbe: probe(live, 18), livenessProbe: probe(live, 6) }),
    ...(mounts === undefined ? {} : { volumeMounts: mounts }),
  };
}

export interface PodPart {
  /** Whose pod it is: name of the account, and of what runs the pod. */
  readonly part: string;
  readonly user: User;
  readonly containers: readonly ContainerPart[];
  /** Whether it asks the cluster's API. */
  readonly token: boolean;
  readonly volumes?: readonly object[];
  /** What makes pods anew when it changes. */
  readonly content?: string;
}

function podTemplate({ part, user, containers, token, volumes, content }: PodPart) {
  return {
    metadata: {
      labels: labels(part),
      ...(content === undefined ? {} : { annotations: { "twofold.content": content } }),
    },
    spec: {
      serviceAccountName: part,
      automountServiceAccountToken: token,
      enableServiceLinks: false,
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      securityContext: podSecurity(user),
      containers: containers.map(containerOf),
      ...(volumes === undefined ? {} : { volumes }),
    },
  };
}

/** One pod that may be away for the seconds in which it is replaced: it holds nothing that others wait for. */
export function deploymentOf(namespace: string, pod: PodPart, because: string): ClusterObject {
  const { part } = pod;
  const annotations = { ...sparedChecks, "twofold.single": because };
  return object(
    "apps/v1",
    "Deployment",
    { ...metadata(namespace, part), annotations },
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: { "app.kubernetes.io/name": part } },
        strategy: { type: "Recreate" },
        minReadySeconds: 0,
        progressDeadlineSeconds: 180,
        template: podTemplate(pod),
      },
    },
  );
}

/** What kube-score asks of pods that have substitutes; and that images are pulled for each start, which their digests spare. */
export const sparedChecks = {
  "kube-score/ignore": "container-image-pull-policy,pod-probes-identical,container-security-context-user-group-id",
};

/**
 * What the containers that the operator puts beside its own may write, of which it says nothing itself; and arguments for the one
 * that reloads, instead of all that the operator gives it.
 */
export const besidesOf = (reloader: { readonly args?: readonly string[] } = {}) => ({
  containers: [{ name: "config-reloader", resources: diskUse, ...reloader }],
  initContainers: [{ name: "init-config-reloader", resources: diskUse }],
});

/** By which Prometheus and others find the pods of a part. */
export function serviceOf(namespace: string, part: string, ports: Readonly<Record<string, number>>): ClusterObject {
  return object("v1", "Service", metadata(namespace, part), {
    spec: {
      selector: { "app.kubernetes.io/name": part },
      ports: Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: port, protocol: "TCP" })),
    },
  });
}
