import type { PodSpec } from "../../components/targets/kubernetes/pod-model";

const allowedVolumes = ["configMap", "emptyDir", "persistentVolumeClaim", "secret"];
const allowedSysctls = [
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"],
  ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
  "net.ipv4.tcp_keepalive_probes",
];

/** What the level `restricted` of Kubernetes' Pod Security Standards has against a pod; nothing when it is admitted. */
export function againstRestricted({
  securityContext,
  containers,
  initContainers = [],
  volumes = [],
}: PodSpec): readonly string[] {
  const pod = [
    ...(securityContext.runAsNonRoot && securityContext.runAsUser !== 0 ? [] : ["runs as root"]),
    ...(securityContext.seccompProfile.type === "RuntimeDefault" ? [] : ["has no seccomp profile"]),
    ...(securityContext.sysctls ?? [])
      .filter(({ name }) => !allowedSysctls.includes(name))
      .map(({ name }) => `sets ${name}`),
    ...volumes.flatMap(({ name, ...source }) =>
      Object.keys(source)
        .filter((type) => !allowedVolumes.includes(type))
        .map((type) => `${name} is a ${type}`),
    ),
  ];
  const ofContainers = [...initContainers, ...containers].flatMap(({ name, securityContext: own }) => [
    ...(own.allowPrivilegeEscalation ? [`${name} may gain privileges`] : []),
    ...(own.capabilities.drop.includes("ALL") ? [] : [`${name} keeps capabilities`]),
    ...(own.capabilities.add ?? [])
      .filter((capability) => capability !== "NET_BIND_SERVICE")
      .map((capability) => `${name} adds ${capability}`),
    ...(own.appArmorProfile?.type === "Unconfined" ? [`${name} is unconfined`] : []),
  ]);
  return [...pod, ...ofContainers];
}
