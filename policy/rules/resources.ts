import { amountAt } from "../facts/kubernetes";
import { at, pending, textAt } from "../facts/plain";
import { both, docker, kubernetes, listed, type Rule, when } from "./rule";

/** How much of the machine something may take. */
export const resourceRules: readonly Rule[] = [
  {
    of: "container",
    id: "cpu-request",
    title: "Every container asks for CPU",
    severity: "medium",
    targets: kubernetes,
    why: "Without a request the scheduler puts it anywhere, and it is the last to get time.",
    remedy: "Request what it needs on an ordinary day.",
    example: "resources: { requests: { cpu: 100m } }",
    references: {
      kubeLinter: ["unset-cpu-requirements"],
      kubeScore: ["container-resources"],
      polaris: ["cpuRequestsMissing"],
      trivy: ["KSV-0015"],
      checkov: ["CKV_K8S_10"],
    },
    check: ({ plain }) => when(at(plain, "resources", "requests", "cpu") === undefined, "asks for no CPU"),
  },
  {
    of: "container",
    id: "cpu-bound",
    title: "Every container has a limit of CPU",
    severity: "medium",
    targets: both,
    why: "A loop that never ends takes the time of everybody on the machine.",
    remedy: "Set a limit well above the ordinary day; exempt what must answer within milliseconds.",
    example: 'cpus: "1.0" · resources: { limits: { cpu: "1" } }',
    references: {
      kubeScore: ["container-resources"],
      polaris: ["cpuLimitsMissing"],
      trivy: ["KSV-0011"],
      checkov: ["CKV_K8S_11"],
      cisDocker: ["5.12"],
    },
    check: ({ cpuLimit }) => when(cpuLimit === undefined, "has no limit of CPU"),
  },
  {
    of: "container",
    id: "memory-request",
    title: "Every container asks for memory",
    severity: "medium",
    targets: kubernetes,
    why: "Without a request it is put where there is none, and is the first to be ended.",
    remedy: "Request what it needs on an ordinary day.",
    example: "resources: { requests: { memory: 128Mi } }",
    references: {
      kubeLinter: ["unset-memory-requirements"],
      kubeScore: ["container-resources"],
      polaris: ["memoryRequestsMissing"],
      trivy: ["KSV-0016"],
      checkov: ["CKV_K8S_12"],
    },
    check: ({ plain }) => when(at(plain, "resources", "requests", "memory") === undefined, "asks for no memory"),
  },
  {
    of: "container",
    id: "memory-limit",
    title: "Every container has a limit of memory",
    severity: "high",
    targets: both,
    why: "A leak takes the machine's memory, and the kernel ends whatever it likes.",
    remedy: "Set a limit that the process does not reach on a bad day.",
    example: "memory: 256 · resources: { limits: { memory: 256Mi } }",
    references: {
      kubeLinter: ["unset-memory-requirements"],
      kubeScore: ["container-resources"],
      polaris: ["memoryLimitsMissing"],
      trivy: ["KSV-0018"],
      checkov: ["CKV_K8S_13"],
      cisDocker: ["5.11"],
    },
    compliance: { type: "resource", severity: "low" },
    check: ({ memoryLimit }) => when(memoryLimit === undefined, "has no limit of memory"),
  },
  {
    of: "container",
    id: "guaranteed-for-stateful",
    title: "Stateful services are sure of what they may use",
    severity: "medium",
    targets: kubernetes,
    why: "A node short of memory ends pods that use more than they asked for, and a database then has to recover.",
    remedy: "Request as much memory and CPU as the limit.",
    example: "requests: { cpu: '1', memory: 1Gi }, limits: { cpu: '1', memory: 1Gi }",
    references: {
      kubeScore: [
        "container-resource-requests-equal-limits",
        "container-cpu-requests-equal-limits",
        "container-memory-requests-equal-limits",
      ],
    },
    check: ({ plain, init }, { kind }) => {
      if (kind !== "StatefulSet" || init) return [];
      const less = ["cpu", "memory"].filter((resource) => {
        const [asked, limit] = ["requests", "limits"].map((part) => amountAt(plain, "resources", part, resource));
        return asked !== pending && limit !== pending && asked !== limit;
      });
      return when(less.length > 0, `asks for another ${listed(less)} than its limit`);
    },
  },
  {
    of: "container",
    id: "ephemeral-bound",
    title: "Every container has a limit of disk",
    severity: "low",
    targets: kubernetes,
    why: "Logs and temporary files fill the node's disk, and its pods are evicted.",
    remedy: "Set requests and limits for ephemeral-storage.",
    example: "limits: { ephemeral-storage: 1Gi }",
    references: { kubeScore: ["container-ephemeral-storage-request-and-limit"] },
    check: ({ plain }) => {
      const missing = ["requests", "limits"].filter(
        (part) => at(plain, "resources", part, "ephemeral-storage") === undefined,
      );
      return when(missing.length > 0, `has no ${listed(missing)} for ephemeral-storage`);
    },
  },
  {
    of: "workload",
    id: "log-rotation",
    title: "Logs are rotated",
    severity: "medium",
    targets: docker,
    why: "A log without a bound fills the machine's disk, and every container stops writing.",
    remedy: "Set max-size and max-file for json-file or local, or choose a driver that sends logs away.",
    example: 'logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" }',
    references: {},
    check: ({ plain }) => {
      const driver = textAt(plain, "logDriver") ?? "json-file";
      if (driver !== "json-file" && driver !== "local") return [];
      const missing = ["max-size", "max-file"].filter((option) => at(plain, "logOpts", option) === undefined);
      return when(missing.length > 0, `has a log without ${listed(missing)}`);
    },
  },
];
