import { isWithout, lacks } from "../facts/plain";
import type { Container } from "../facts/workload";
import { both, listed, type Rule, when } from "./rule";

/** From here on a number belongs to no user of an ordinary machine. */
const firstHighId = 10_000;

/** What the baseline of the Pod Security Standards lets a container add. */
const harmless: readonly string[] = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"],
  ...["SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

/** What a process may do to its container and, through it, to the machine. */
export const privilegeRules: readonly Rule[] = [
  {
    of: "container",
    id: "no-privileged",
    title: "No container is privileged",
    severity: "critical",
    targets: both,
    why: "A privileged container has every capability and every device: whoever gets into it has the machine.",
    remedy: "Leave privileged out, and add the one capability or device that is needed.",
    example: "privileged: false",
    references: {
      kubeLinter: ["privileged-container"],
      kubeScore: ["container-security-context-privileged"],
      polaris: ["runAsPrivileged"],
      trivy: ["KSV-0017"],
      checkov: ["CKV_K8S_16"],
      podSecurity: ["baseline: Privileged Containers"],
      cisDocker: ["5.5"],
    },
    compliance: { type: "security", severity: "high" },
    check: ({ privileged }) => when(privileged === true, "is privileged"),
  },
  {
    of: "container",
    id: "no-new-privileges",
    title: "A process cannot gain privileges that its parent lacks",
    severity: "high",
    targets: both,
    why: "A setuid program in the image turns an ordinary user into root.",
    remedy: "Set no-new-privileges on Docker, and allowPrivilegeEscalation: false on Kubernetes.",
    example: 'securityOpts: ["no-new-privileges"] · allowPrivilegeEscalation: false',
    references: {
      kubeLinter: ["privilege-escalation-container"],
      polaris: ["privilegeEscalationAllowed"],
      trivy: ["KSV-0001"],
      checkov: ["CKV_K8S_20"],
      podSecurity: ["restricted: Privilege Escalation"],
      cisDocker: ["5.26"],
    },
    check: ({ noNewPrivileges }) => when(lacks(noNewPrivileges), "may gain privileges"),
  },
  {
    of: "container",
    id: "run-as-non-root",
    title: "No container runs as root",
    severity: "high",
    targets: both,
    why: "Root in a container is root on the machine as soon as anything between them fails.",
    remedy:
      "Name a user on Docker; set runAsNonRoot: true on Kubernetes, so that an image with root as its user is refused.",
    example: 'user: "10001:10001" · runAsNonRoot: true',
    references: {
      kubeLinter: ["run-as-non-root"],
      polaris: ["runAsRootAllowed"],
      trivy: ["KSV-0012"],
      checkov: ["CKV_K8S_23"],
      podSecurity: ["restricted: Running as Non-root"],
      cisDocker: ["4.1"],
    },
    compliance: { type: "security", severity: "medium" },
    check: ({ nonRoot }) => when(lacks(nonRoot), "may run as root"),
  },
  {
    of: "container",
    id: "no-root-uid",
    title: "No container names root as its user",
    severity: "high",
    targets: both,
    why: "A user that is given as 0 is root whatever the image says.",
    remedy: "Give the number of the image's own user.",
    example: 'user: "10001" · runAsUser: 10001',
    references: { trivy: ["KSV-0105"], podSecurity: ["restricted: Running as Non-root user"] },
    check: ({ user }) => when(user === 0 || user === "root", "has root as its user"),
  },
  {
    of: "container",
    id: "high-uid",
    title: "Users and groups have numbers that belong to nobody on the machine",
    severity: "low",
    targets: both,
    why: "A process that breaks out has the rights of the machine's user with the same number.",
    remedy: `Use numbers from ${firstHighId} on, unless the image's files belong to a lower one.`,
    example: 'user: "10001:10001" · runAsUser: 10001, runAsGroup: 10001',
    references: {
      kubeScore: ["container-security-context-user-group-id"],
      trivy: ["KSV-0020", "KSV-0021"],
      checkov: ["CKV_K8S_40"],
    },
    blind: "root, which is left to no-root-uid and no-root-group",
    check: ({ user, group }) => [...lowId("user", user), ...lowId("group", group)],
  },
  {
    of: "container",
    id: "no-root-group",
    title: "No container has root's group",
    severity: "low",
    targets: both,
    why: "Files that root's group may write are the container's to change.",
    remedy: "Give a group of the container's own, and leave 0 out of the supplementary ones.",
    example: 'user: "10001:10001" · runAsGroup: 10001',
    references: { trivy: ["KSV-0116"] },
    check: ({ group }, { supplementalGroups }) =>
      when(group === 0 || group === "root" || supplementalGroups.includes(0), "has root's group"),
  },
  {
    of: "container",
    id: "drop-all-capabilities",
    title: "Every container drops all capabilities",
    severity: "high",
    targets: both,
    why: "The default set lets a process forge packets, change owners and make devices.",
    remedy: "Drop ALL, and add what is needed.",
    example: 'capabilities: { drops: ["ALL"] } · capabilities: { drop: ["ALL"] }',
    references: {
      kubeLinter: ["drop-net-raw-capability"],
      polaris: ["insecureCapabilities"],
      trivy: ["KSV-0003", "KSV-0004", "KSV-0106"],
      checkov: ["CKV_K8S_28", "CKV_K8S_37"],
      podSecurity: ["restricted: Capabilities"],
      cisDocker: ["5.4"],
    },
    check: ({ drops }) => when(isWithout(drops, "ALL"), "does not drop all capabilities"),
  },
  {
    of: "container",
    id: "no-dangerous-capabilities",
    title: "No container adds a capability that reaches the machine",
    severity: "critical",
    targets: both,
    why: "SYS_ADMIN, NET_ADMIN, SYS_PTRACE, SYS_MODULE and their like are ways out of the container.",
    remedy: "Leave them out; what needs them belongs on the machine itself.",
    example: 'capabilities: { adds: ["NET_BIND_SERVICE"] } · capabilities: { add: ["NET_BIND_SERVICE"] }',
    references: {
      polaris: ["dangerousCapabilities"],
      trivy: ["KSV-0005", "KSV-0119", "KSV-0120"],
      checkov: ["CKV_K8S_39"],
      podSecurity: ["baseline: Capabilities"],
      cisDocker: ["5.4"],
    },
    check: ({ adds }) => addedFrom(adds.filter((name) => !harmless.includes(name))),
  },
  {
    of: "container",
    id: "no-added-capabilities",
    title: "No container adds a capability but the one for low ports",
    severity: "medium",
    targets: both,
    why: "Each capability is something that a process which was taken over can do.",
    remedy: "Let files have their owner and the process its user from the start; then none is needed.",
    example: 'capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] }',
    references: { trivy: ["KSV-0022"], checkov: ["CKV_K8S_25"], podSecurity: ["restricted: Capabilities"] },
    check: ({ adds }) => addedFrom(adds.filter((name) => harmless.includes(name) && name !== "NET_BIND_SERVICE")),
  },
  {
    of: "container",
    id: "read-only-rootfs",
    title: "The root file system is read-only",
    severity: "high",
    targets: both,
    why: "Whoever gets in can replace programs and leave some behind, and what is written there is lost or fills a disk.",
    remedy: "Make it read-only, and mount memory or a volume where the process has to write.",
    example: "readOnly: true · readOnlyRootFilesystem: true",
    references: {
      kubeLinter: ["no-read-only-root-fs"],
      kubeScore: ["container-security-context-readonlyrootfilesystem"],
      polaris: ["notReadOnlyRootFilesystem"],
      trivy: ["KSV-0014"],
      checkov: ["CKV_K8S_22"],
      cisDocker: ["5.13"],
    },
    compliance: { type: "security", severity: "medium" },
    check: ({ readOnlyRoot }) => when(lacks(readOnlyRoot), "can write to its root file system"),
  },
];

function lowId(what: string, id: Container["user"]): readonly string[] {
  if (id === undefined) return [`names no ${what}`];
  return typeof id === "number" && id > 0 && id < firstHighId ? [`has the ${what} ${id}, below ${firstHighId}`] : [];
}

function addedFrom(names: readonly string[]): readonly string[] {
  return when(names.length > 0, `adds ${listed(names)}`);
}
