import { itemsAt, textAt, textsAt } from "../facts/plain";
import { both, docker, kubernetes, listed, type Rule, when } from "./rule";

const loopback: readonly string[] = ["127.0.0.1", "::1", "[::1]"];

/** Sockets with which a process commands the machine's containers. */
const engineSockets = /(^|\/)(docker|containerd\/containerd|crio\/crio|podman\/podman)\.sock$/;

/** What a container sees and uses of the machine that it is on. */
export const hostRules: readonly Rule[] = [
  {
    of: "workload",
    id: "no-host-network",
    title: "Nothing uses the machine's network",
    severity: "high",
    targets: both,
    why: "It is past every network policy, and reaches what listens on the machine's loopback.",
    remedy: "Use a network of the service's own, and publish the port.",
    example: "hostNetwork: false",
    references: {
      kubeLinter: ["host-network"],
      polaris: ["hostNetworkSet"],
      trivy: ["KSV-0009"],
      checkov: ["CKV_K8S_19"],
      podSecurity: ["baseline: Host Namespaces"],
      cisDocker: ["5.10"],
    },
    check: ({ hostNetwork }) => when(hostNetwork === true, "uses the machine's network"),
  },
  {
    of: "workload",
    id: "no-host-pid",
    title: "Nothing sees the machine's processes",
    severity: "high",
    targets: both,
    why: "It can read the environment of every process, and end them.",
    remedy: "Leave the mode out.",
    example: "hostPID: false",
    references: {
      kubeLinter: ["host-pid"],
      polaris: ["hostPIDSet"],
      trivy: ["KSV-0010"],
      checkov: ["CKV_K8S_17"],
      podSecurity: ["baseline: Host Namespaces"],
      cisDocker: ["5.16"],
    },
    check: ({ hostPid }) => when(hostPid === true, "sees the machine's processes"),
  },
  {
    of: "workload",
    id: "no-host-ipc",
    title: "Nothing shares memory with the machine",
    severity: "high",
    targets: both,
    why: "It can read and change the shared memory of the machine's processes.",
    remedy: "Leave the mode out.",
    example: "hostIPC: false",
    references: {
      kubeLinter: ["host-ipc"],
      polaris: ["hostIPCSet"],
      trivy: ["KSV-0008"],
      checkov: ["CKV_K8S_18"],
      podSecurity: ["baseline: Host Namespaces"],
      cisDocker: ["5.17"],
    },
    check: ({ hostIpc }) => when(hostIpc === true, "shares memory with the machine"),
  },
  {
    of: "workload",
    id: "no-host-users",
    title: "User numbers are kept apart where the engine does so",
    severity: "medium",
    targets: docker,
    why: "An engine that maps users makes root of a container nobody on the machine; host switches that off.",
    remedy: "Leave usernsMode out.",
    example: "usernsMode: undefined",
    references: { cisDocker: ["5.31"] },
    blind:
      "whether the engine maps users at all is the engine's setting; the provider has no input for the UTS namespace",
    check: ({ plain }) => when(textAt(plain, "usernsMode") === "host", "has the machine's user numbers"),
  },
  {
    of: "workload",
    id: "no-host-port",
    title: "No pod takes a port of its node",
    severity: "high",
    targets: kubernetes,
    why: "It goes past Services and policies, and a node has room for only one such pod.",
    remedy: "Use a Service, and an Ingress for what is public.",
    example: "ports: [{ containerPort: 8080 }]",
    references: {
      polaris: ["hostPortSet"],
      trivy: ["KSV-0024"],
      checkov: ["CKV_K8S_26"],
      podSecurity: ["baseline: Host Ports"],
    },
    check: ({ published }) =>
      when(published.length > 0, `takes ${listed(published.map(({ number }) => `port ${number}`))} of its node`),
  },
  {
    of: "workload",
    id: "publish-loopback-only",
    title: "Published ports answer the machine itself alone",
    severity: "high",
    targets: docker,
    why: "Docker publishes past the machine's firewall: without an address, the whole network reaches the port.",
    remedy: "Publish on 127.0.0.1, and put a proxy with TLS in front of what others are to reach.",
    example: 'ports: [{ internal: 8080, external: 18080, ip: "127.0.0.1" }]',
    references: { cisDocker: ["5.14"] },
    check: ({ published }) =>
      published.flatMap(({ number, address }) =>
        when(
          address === undefined || (typeof address === "string" && !loopback.includes(address)),
          `publishes port ${number} on ${address === undefined ? "every address" : String(address)}`,
        ),
      ),
  },
  {
    of: "workload",
    id: "no-host-path",
    title: "Nothing mounts folders of the machine",
    severity: "high",
    targets: both,
    why: "What is there differs from machine to machine, is not the service's to read, and stays when the service goes.",
    remedy: "Use a volume for data, and files of the description for configuration.",
    example: "volumes: [{ volumeName: data, containerPath: /data }]",
    references: {
      kubeLinter: ["sensitive-host-mounts"],
      polaris: ["hostPathSet"],
      trivy: ["KSV-0023", "KSV-0121"],
      podSecurity: ["baseline: HostPath Volumes"],
      cisDocker: ["5.6"],
    },
    check: ({ hostMounts }) =>
      when(hostMounts.length > 0, `mounts ${listed(hostMounts.map(({ source }) => source))} of the machine`),
  },
  {
    of: "workload",
    id: "no-writable-host-path",
    title: "Nothing writes to folders of the machine",
    severity: "high",
    targets: both,
    why: "Whoever may write below /etc, /usr or /var decides what the machine runs next.",
    remedy: "Mount it read-only, or use a volume.",
    example: "{ hostPath: /srv/site, containerPath: /site, readOnly: true }",
    references: { kubeLinter: ["writable-host-mount"], cisDocker: ["5.6"] },
    check: ({ hostMounts }) => {
      const writable = hostMounts.filter(({ readOnly }) => readOnly === false).map(({ source }) => source);
      return when(writable.length > 0, `may write to ${listed(writable)} of the machine`);
    },
  },
  {
    of: "workload",
    id: "no-docker-socket",
    title: "Nothing has the engine's socket",
    severity: "critical",
    targets: both,
    why: "Whoever talks to the engine starts a container with the whole machine in it; read-only changes nothing.",
    remedy: "Do without, or put a proxy between them that lets the needed questions through.",
    example: "volumes: []",
    references: {
      kubeLinter: ["docker-sock"],
      trivy: ["KSV-0006"],
      checkov: ["CKV_K8S_27"],
      cisDocker: ["5.32"],
    },
    check: ({ hostMounts }) =>
      hostMounts.flatMap(({ source }) => when(engineSockets.test(source), `has the engine's socket ${source}`)),
  },
  {
    of: "workload",
    id: "no-shared-propagation",
    title: "Mounts do not spread to the machine",
    severity: "high",
    targets: both,
    why: "A mount that a container makes there appears on the machine, and hides what is below it.",
    remedy: "Leave the propagation out.",
    example: "bindOptions: { propagation: rprivate }",
    references: { cisDocker: ["5.20"] },
    check: ({ hostMounts }) =>
      hostMounts.flatMap(({ source, propagation = "" }) =>
        when(["shared", "rshared", "Bidirectional"].includes(propagation), `spreads its mounts to ${source}`),
      ),
  },
  {
    of: "workload",
    id: "no-host-devices",
    title: "Nothing has devices of the machine",
    severity: "high",
    targets: docker,
    why: "A device is used past file systems and their rights.",
    remedy: "Leave devices out; ask for a graphics card with deviceRequests.",
    example: "devices: []",
    references: { cisDocker: ["5.18"] },
    check: ({ plain }) => {
      const names = itemsAt(plain, "devices").map((device) => String(textAt(device, "hostPath") ?? ""));
      return when(names.length > 0, `has ${listed(names)}`);
    },
  },
  {
    of: "workload",
    id: "no-host-aliases",
    title: "Names are resolved by DNS alone",
    severity: "low",
    targets: both,
    why: "An entry of its own hosts file hides the real address, and nobody changes it when the address does.",
    remedy: "Connect to a declared service by its name.",
    example: "hosts: []",
    references: { trivy: ["KSV-0007"] },
    check: ({ hasHostAliases }) => when(hasHostAliases, "has entries of its own in its hosts file"),
  },
  {
    of: "container",
    id: "no-low-ports",
    title: "Nothing listens on a port that only root may take",
    severity: "medium",
    targets: both,
    why: "A process needs root or a capability for a port below 1024.",
    remedy: "Listen on a high port, and publish or route the low one to it.",
    example: "ports: [{ internal: 8080, external: 80 }]",
    references: { kubeLinter: ["privileged-ports"], trivy: ["KSV-0117"], cisDocker: ["5.8"] },
    check: ({ ports }) => {
      const low = ports.filter((port) => port < 1024).map(String);
      return when(low.length > 0, `listens on ${listed(low)}`);
    },
  },
  {
    of: "container",
    id: "no-ssh",
    title: "No container runs an SSH server",
    severity: "medium",
    targets: both,
    why: "A second way in has keys and updates of its own, and no log of the platform's.",
    remedy: "Use docker exec or kubectl exec.",
    example: "ports: [{ internal: 8080 }]",
    references: { kubeLinter: ["ssh-port"], cisDocker: ["5.7"] },
    check: ({ ports, plain }) => when(ports.includes(22) || runsSshd(plain), "runs an SSH server"),
  },
];

function runsSshd(plain: unknown): boolean {
  const words = ["entrypoints", "command", "args"].flatMap((key) => textsAt(plain, key));
  return words.some((word) => /(^|\/)(sshd|dropbear)$/.test(word));
}
