import { flagAt, itemsAt, known, recordAt, textAt } from "../facts/plain";
import { both, kubernetes, listed, type Rule, when } from "./rule";

/** Kernel parameters that are a container's own, and that the baseline of the Pod Security Standards allows. */
const safeSysctls: readonly string[] = [
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout"],
  ...["net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time"],
  ...["net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem"],
];

const seLinuxTypes: readonly string[] = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const volumeTypes: readonly string[] = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"],
];

/** What the kernel and the cluster keep a container from. */
export const confinementRules: readonly Rule[] = [
  {
    of: "container",
    id: "seccomp-default",
    title: "System calls are filtered",
    severity: "high",
    targets: both,
    why: "Most ways out of a container go through a system call that no ordinary program makes.",
    remedy: "Leave Docker's default profile on; set seccompProfile to RuntimeDefault on Kubernetes.",
    example: "seccompProfile: { type: RuntimeDefault }",
    references: {
      kubeScore: ["container-seccomp-profile"],
      polaris: ["linuxHardening"],
      trivy: ["KSV-0030", "KSV-0104"],
      checkov: ["CKV_K8S_31"],
      podSecurity: ["baseline: Seccomp", "restricted: Seccomp"],
      cisDocker: ["5.22"],
    },
    check: ({ seccomp }) => when(seccomp === undefined || seccomp === "unconfined", "has no filter of system calls"),
  },
  {
    of: "container",
    id: "apparmor-not-unconfined",
    title: "AppArmor is not switched off",
    severity: "medium",
    targets: both,
    why: "The runtime's profile keeps a process from the machine's own files below /proc and /sys.",
    remedy: "Leave the profile out, or name one of your own.",
    example: "appArmorProfile: { type: RuntimeDefault }",
    references: {
      polaris: ["linuxHardening"],
      trivy: ["KSV-0002"],
      podSecurity: ["baseline: AppArmor"],
      cisDocker: ["5.2"],
    },
    check: ({ appArmor }) => when(appArmor === "unconfined", "is not confined by AppArmor"),
  },
  {
    of: "container",
    id: "selinux-types",
    title: "SELinux options stay with those of containers",
    severity: "low",
    targets: both,
    why: "Another type, user or role lets a process reach what SELinux keeps from containers.",
    remedy: "Leave the options out, or use container_t, container_init_t, container_kvm_t or container_engine_t.",
    example: "seLinuxOptions: { type: container_t }",
    references: { trivy: ["KSV-0025"], podSecurity: ["baseline: SELinux"], cisDocker: ["5.3"] },
    check: ({ seLinux: { disabled, type, user, role } }) => [
      ...when(disabled, "is not confined by SELinux"),
      ...when(type !== undefined && !seLinuxTypes.includes(type), `has the SELinux type ${type ?? ""}`),
      ...when(user !== undefined || role !== undefined, "has an SELinux user or role of its own"),
    ],
  },
  {
    of: "container",
    id: "default-proc-mount",
    title: "/proc is masked",
    severity: "medium",
    targets: kubernetes,
    why: "Unmasked, it shows and changes what belongs to the machine's kernel.",
    remedy: "Leave procMount out.",
    example: "procMount: Default",
    references: {
      kubeLinter: ["unsafe-proc-mount"],
      polaris: ["procMount"],
      trivy: ["KSV-0027"],
      podSecurity: ["baseline: /proc Mount Type"],
    },
    check: ({ plain }) => when(textAt(plain, "securityContext", "procMount") === "Unmasked", "has an unmasked /proc"),
  },
  {
    of: "workload",
    id: "safe-sysctls",
    title: "Kernel parameters are only those that are a container's own",
    severity: "medium",
    targets: both,
    why: "Others change the kernel for everybody on the machine.",
    remedy: "Set them on the machine, or do without.",
    example: "sysctls: [{ name: net.ipv4.tcp_keepalive_time, value: '60' }]",
    references: { kubeLinter: ["unsafe-sysctls"], trivy: ["KSV-0026"], podSecurity: ["baseline: Sysctls"] },
    check: ({ sysctls }) => {
      const unsafe = sysctls.filter((name) => !safeSysctls.includes(name));
      return when(unsafe.length > 0, `sets ${listed(unsafe)}`);
    },
  },
  {
    of: "workload",
    id: "no-host-process",
    title: "No pod runs as a process of a Windows machine",
    severity: "high",
    targets: kubernetes,
    why: "Such a process is no container at all.",
    remedy: "Leave hostProcess out.",
    example: "windowsOptions: { hostProcess: false }",
    references: { polaris: ["hostProcess"], trivy: ["KSV-0103"], podSecurity: ["baseline: HostProcess"] },
    check: ({ plain, containers }) => {
      const contexts = [plain, ...containers.map((container) => container.plain)];
      const isHost = contexts.some((each) => flagAt(each, "securityContext", "windowsOptions", "hostProcess") === true);
      return when(isHost, "runs as a process of the machine");
    },
  },
  {
    of: "workload",
    id: "allowed-volume-types",
    title: "Volumes are of the types that are meant for workloads",
    severity: "medium",
    targets: kubernetes,
    why: "Volumes that name a server or a disk go past storage classes, quotas and their credentials.",
    remedy: "Ask for storage with a PersistentVolumeClaim.",
    example: "persistentVolumeClaim: { claimName: data }",
    references: { trivy: ["KSV-0028"], podSecurity: ["restricted: Volume Types"] },
    blind: "hostPath is left to no-host-path",
    check: ({ plain }) =>
      itemsAt(plain, "volumes").flatMap((volume) => {
        const others = Object.keys(recordAt(volume)).filter(
          (key) => !["name", "hostPath", ...volumeTypes].includes(key),
        );
        return when(others.length > 0, `has a volume of the type ${listed(others)}`);
      }),
  },
  {
    of: "workload",
    id: "no-automount-token",
    title: "No pod gets a token for the cluster's API without need",
    severity: "medium",
    targets: kubernetes,
    why: "A process that was taken over asks the API with it.",
    remedy: "Set automountServiceAccountToken: false on the pod.",
    example: "automountServiceAccountToken: false",
    references: {
      polaris: ["automountServiceAccountToken"],
      trivy: ["KSV-0036"],
      checkov: ["CKV_K8S_38"],
    },
    check: ({ plain }) => {
      const mounted = flagAt(plain, "automountServiceAccountToken");
      return when(mounted === undefined || mounted === true, "gets a token for the cluster's API");
    },
  },
  {
    of: "workload",
    id: "dedicated-service-account",
    title: "Every workload has a service account of its own",
    severity: "medium",
    targets: kubernetes,
    why: "A right that one pod is given through the default account is every pod's.",
    remedy: "Make a ServiceAccount and name it in serviceAccountName.",
    example: "serviceAccountName: api",
    references: {
      kubeLinter: ["default-service-account", "deprecated-service-account-field"],
      checkov: ["CKV_K8S_41", "CKV_K8S_42"],
    },
    check: ({ plain }) => {
      const account = textAt(plain, "serviceAccountName");
      return [
        ...when(account === undefined || account === "default", "uses the default service account"),
        ...known(textAt(plain, "serviceAccount")).flatMap((old) =>
          when(account === undefined && old !== "default", "names its account in the deprecated field serviceAccount"),
        ),
      ];
    },
  },
];
