import type { Problem } from "../../core/errors";
import type { ServicePlan } from "../../core/plan-types";
import type { Around } from "./around";
import type { NamespaceManifest } from "./model";
import { labelsOf } from "./names";

/** The levels of Pod Security, from the strictest. */
const levels = ["restricted", "baseline", "privileged"] as const;
type PodSecurityLevel = (typeof levels)[number];

const ofBaseline = {
  capabilities: [
    ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"],
    ...["SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
  ],
  sysctls: [
    ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"],
    ...["net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout"],
    ...["net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time"],
    "net.ipv4.tcp_syncookies",
  ],
};

/** The strictest level that admits the pods of a service. */
function podSecurityLevel({ security, hostMounts, kernel }: ServicePlan): PodSecurityLevel {
  const needsPrivileged =
    hostMounts.length > 0 ||
    security.appArmor === "unconfined" ||
    security.addCapabilities.some((capability) => !ofBaseline.capabilities.includes(capability)) ||
    Object.keys(kernel.sysctls).some((name) => !ofBaseline.sysctls.includes(name));
  if (needsPrivileged) return "privileged";
  const needsBaseline =
    security.user === 0 ||
    !security.noNewPrivileges ||
    security.addCapabilities.some((capability) => capability !== "NET_BIND_SERVICE");
  return needsBaseline ? "baseline" : "restricted";
}

/** The namespace of a system. It admits restricted pods alone, unless a service needs more, and then it says which and why. */
export function namespaceOf({ plan, options, omitted }: Around): NamespaceManifest {
  const loose = plan.services
    .filter(({ name }) => !omitted.has(name))
    .map((service) => ({ service, level: podSecurityLevel(service) }))
    .filter(({ level }) => level !== "restricted");
  const level = levels.findLast((each) => loose.some((service) => service.level === each)) ?? "restricted";
  const because = loose.map(({ service, level }) => `${service.name} is ${level}: ${reasonOf(service)}`).sort();
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: options.namespace,
      labels: {
        ...labelsOf(plan.name),
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/enforce-version": "latest",
      },
      ...(because.length === 0 ? {} : { annotations: { "twofold.pod-security": because.join("\n") } }),
    },
  };
}

function reasonOf({ security, hostMounts }: ServicePlan): string {
  const reasons = [security.because, ...hostMounts.map(({ because }) => because)].filter((each) => each !== undefined);
  return reasons.length === 0 ? "sets kernel parameters" : [...new Set(reasons)].join("; ");
}

/** Namespaces that are not for a system. */
export function namespaceProblems({ options: { namespace } }: Around): readonly Problem[] {
  if (namespace !== "default" && !namespace.startsWith("kube-")) return [];
  return [
    {
      path: "namespace",
      given: `is ${namespace}, which belongs to the cluster`,
      remedy: "name the system otherwise, or set a prefix",
    },
  ];
}
