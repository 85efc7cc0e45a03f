import {
  allTextsAt,
  at,
  flagAt,
  itemsAt,
  known,
  type Maybe,
  nearest,
  numberAt,
  pending,
  textAt,
  textsAt,
} from "./plain";
import { quantity } from "./quantity";
import type { Container, EnvVar, HostMount, PublishedPort, SeLinux, Workload } from "./workload";

/** Where each kind keeps the template of its pods. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  Pod: [],
};

/** The pods of a Kubernetes object, as its manifest has them; `undefined` for an object without any. */
export function workloadOfObject(object: unknown, name: string): Workload | undefined {
  const kind = String(textAt(object, "kind"));
  const path = templates[kind];
  if (path === undefined) return undefined;
  const template = at(object, ...path);
  const pod = at(template, "spec");
  const main = itemsAt(pod, "containers").map((container) => containerOf(container, pod, false));
  return {
    target: "kubernetes",
    kind,
    name,
    lasting: kind !== "Job" && kind !== "CronJob" && (kind !== "Pod" || textAt(pod, "restartPolicy") !== "Never"),
    replicas: numberAt(object, "spec", "replicas"),
    labels: at(template, "metadata", "labels"),
    hostNetwork: flagAt(pod, "hostNetwork"),
    hostPid: flagAt(pod, "hostPID"),
    hostIpc: flagAt(pod, "hostIPC"),
    hasHostAliases: itemsAt(pod, "hostAliases").length > 0,
    supplementalGroups: [
      ...itemsAt(pod, "securityContext", "supplementalGroups"),
      at(pod, "securityContext", "fsGroup"),
    ].filter((group) => typeof group === "number"),
    sysctls: itemsAt(pod, "securityContext", "sysctls").flatMap((item) => known(textAt(item, "name"))),
    hostMounts: hostMountsOf(pod),
    published: itemsAt(pod, "containers").flatMap((container) => itemsAt(container, "ports").flatMap(publishedPort)),
    containers: [
      ...itemsAt(pod, "initContainers").map((container) =>
        containerOf(container, pod, textAt(container, "restartPolicy") !== "Always"),
      ),
      ...main,
    ],
    plain: pod,
    spec: at(object, "spec"),
  };
}

function containerOf(container: unknown, pod: unknown, init: boolean): Container {
  const own = at(container, "securityContext");
  const shared = at(pod, "securityContext");
  const escalation = flagAt(own, "allowPrivilegeEscalation");
  return {
    name: known(textAt(container, "name"))[0] ?? "container",
    init,
    image: textAt(container, "image"),
    imageBytes: undefined,
    privileged: flagAt(own, "privileged"),
    noNewPrivileges: escalation === pending ? pending : escalation === false,
    readOnlyRoot: flagAt(own, "readOnlyRootFilesystem"),
    nonRoot: nearest(flagAt(own, "runAsNonRoot"), flagAt(shared, "runAsNonRoot")),
    user: nearest(numberAt(own, "runAsUser"), numberAt(shared, "runAsUser")),
    group: nearest(numberAt(own, "runAsGroup"), numberAt(shared, "runAsGroup")),
    drops: allTextsAt(own, "capabilities", "drop"),
    adds: textsAt(own, "capabilities", "add"),
    seccomp: profileOf(nearest(textAt(own, "seccompProfile", "type"), textAt(shared, "seccompProfile", "type"))),
    // the runtime's own profile applies where nothing is said, on nodes that have AppArmor
    appArmor: profileOf(nearest(textAt(own, "appArmorProfile", "type"), textAt(shared, "appArmorProfile", "type"))),
    seLinux: seLinuxOf(own, shared),
    env: [...itemsAt(container, "env").flatMap(variable), ...itemsAt(container, "envFrom").flatMap(allOfSecret)],
    commandLine: [...textsAt(container, "command"), ...textsAt(container, "args")],
    ports: itemsAt(container, "ports").flatMap((port) => known(numberAt(port, "containerPort"))),
    memoryLimit: amountAt(container, "resources", "limits", "memory"),
    cpuLimit: amountAt(container, "resources", "limits", "cpu"),
    plain: container,
  };
}

/** A quantity as a number: cores, or bytes. */
export function amountAt(data: unknown, ...path: readonly string[]): Maybe<number> | undefined {
  const text = textAt(data, ...path);
  return text === undefined || text === pending ? text : quantity(text);
}

function profileOf(type: Maybe<string> | undefined): Container["seccomp"] {
  switch (type) {
    case undefined:
    case pending:
      return type;
    case "RuntimeDefault":
      return "default";
    case "Localhost":
      return "localhost";
    default:
      return "unconfined";
  }
}

function seLinuxOf(own: unknown, shared: unknown): SeLinux {
  const value = (key: string): string | undefined =>
    [...known(textAt(at(own, "seLinuxOptions"), key)), ...known(textAt(at(shared, "seLinuxOptions"), key))][0];
  return { disabled: false, type: value("type"), user: value("user"), role: value("role") };
}

function variable(item: unknown): readonly EnvVar[] {
  const fromSecret = at(item, "valueFrom", "secretKeyRef") !== undefined;
  return known(textAt(item, "name")).map((name) => ({ name, value: textAt(item, "value"), fromSecret }));
}

function allOfSecret(item: unknown): readonly EnvVar[] {
  return known(textAt(item, "secretRef", "name")).map((name) => ({
    name: `all of ${name}`,
    value: undefined,
    fromSecret: true,
  }));
}

function hostMountsOf(pod: unknown): readonly HostMount[] {
  const mounts = [...itemsAt(pod, "containers"), ...itemsAt(pod, "initContainers")].flatMap((container) =>
    itemsAt(container, "volumeMounts"),
  );
  return itemsAt(pod, "volumes").flatMap((volume) =>
    known(textAt(volume, "hostPath", "path")).flatMap((source) => {
      const own = mounts.filter((mount) => textAt(mount, "name") === textAt(volume, "name"));
      if (own.length === 0) return [{ source, readOnly: true, propagation: undefined }];
      return own.map((mount) => ({
        source,
        readOnly: flagAt(mount, "readOnly") ?? false,
        propagation: known(textAt(mount, "mountPropagation"))[0],
      }));
    }),
  );
}

function publishedPort(port: unknown): readonly PublishedPort[] {
  const [protocol = "TCP"] = known(textAt(port, "protocol"));
  return known(numberAt(port, "hostPort")).flatMap((number) =>
    number === 0 ? [] : [{ number, protocol: protocol.toLowerCase(), address: textAt(port, "hostIP") }],
  );
}
