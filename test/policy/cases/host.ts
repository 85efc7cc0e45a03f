import type { Cases } from "../support/cases";
import { container, pod } from "../support/plain";

const hostPath = (path: string, mount: object = {}) => ({
  container: { volumeMounts: [{ name: "host", mountPath: "/host", ...mount }] },
  pod: { volumes: [{ name: "host", hostPath: { path } }] },
});

const bound = (hostPath: string, readOnly = true) =>
  container({ volumes: [{ hostPath, containerPath: "/host", readOnly }] });

export const hostCases: Cases = {
  "no-host-network": {
    passes: [container(), pod()],
    fails: {
      "shop-api uses the machine's network": container({ networkMode: "host" }),
      "api uses the machine's network": pod({ pod: { hostNetwork: true } }),
    },
  },
  "no-host-pid": {
    passes: [container({ pidMode: "container:other" }), pod()],
    fails: {
      "shop-api sees the machine's processes": container({ pidMode: "host" }),
      "api sees the machine's processes": pod({ pod: { hostPID: true } }),
    },
  },
  "no-host-ipc": {
    passes: [container({ ipcMode: "private" }), pod()],
    fails: {
      "shop-api shares memory with the machine": container({ ipcMode: "host" }),
      "api shares memory with the machine": pod({ pod: { hostIPC: true } }),
    },
  },
  "no-host-users": {
    passes: [container()],
    fails: { "shop-api has the machine's user numbers": container({ usernsMode: "host" }) },
  },
  "no-host-port": {
    passes: [pod()],
    fails: { "api takes port 80 of its node": pod({ container: { ports: [{ containerPort: 8080, hostPort: 80 }] } }) },
  },
  "publish-loopback-only": {
    passes: [container(), container({ ports: undefined })],
    fails: {
      "shop-api publishes port 80 on every address": container({ ports: [{ internal: 8080, external: 80 }] }),
      "shop-api publishes port 80 on 0.0.0.0": container({ ports: [{ internal: 80, external: 80, ip: "0.0.0.0" }] }),
    },
  },
  "no-host-path": {
    passes: [container({ volumes: [{ volumeName: "data", containerPath: "/data" }] }), pod()],
    fails: {
      "shop-api mounts /srv of the machine": bound("/srv"),
      "shop-api mounts /opt of the machine": container({ mounts: [{ type: "bind", source: "/opt", target: "/opt" }] }),
      "api mounts /srv of the machine": pod(hostPath("/srv")),
    },
  },
  "no-writable-host-path": {
    passes: [bound("/srv"), pod(hostPath("/srv", { readOnly: true }))],
    fails: {
      "shop-api may write to /etc of the machine": bound("/etc", false),
      "api may write to /var of the machine": pod(hostPath("/var")),
    },
  },
  "no-docker-socket": {
    passes: [bound("/var/run"), pod(hostPath("/run/other.sock"))],
    fails: {
      "shop-api has the engine's socket /var/run/docker.sock": bound("/var/run/docker.sock"),
      "api has the engine's socket /run/containerd/containerd.sock": pod(hostPath("/run/containerd/containerd.sock")),
    },
  },
  "no-shared-propagation": {
    passes: [bound("/srv"), pod(hostPath("/srv", { mountPropagation: "HostToContainer" }))],
    fails: {
      "shop-api spreads its mounts to /srv": container({
        mounts: [{ type: "bind", source: "/srv", bindOptions: { propagation: "rshared" } }],
      }),
      "api spreads its mounts to /srv": pod(hostPath("/srv", { mountPropagation: "Bidirectional" })),
    },
  },
  "no-host-devices": {
    passes: [container({ devices: [] })],
    fails: { "shop-api has /dev/sda": container({ devices: [{ hostPath: "/dev/sda" }] }) },
  },
  "no-host-aliases": {
    passes: [container(), pod()],
    fails: {
      "shop-api has entries of its own in its hosts file": container({ hosts: [{ host: "db", ip: "10.0.0.1" }] }),
      "api has entries of its own in its hosts file": pod({ pod: { hostAliases: [{ ip: "10.0.0.1" }] } }),
    },
  },
  "no-low-ports": {
    passes: [container({ ports: [{ internal: 8080, external: 80, ip: "127.0.0.1" }] }), pod()],
    fails: {
      "shop-api listens on 443, 80": container({ ports: [{ internal: 80 }, { internal: 443 }] }),
      "api listens on 53": pod({ container: { ports: [{ containerPort: 53, protocol: "UDP" }] } }),
    },
  },
  "no-ssh": {
    passes: [container(), pod()],
    fails: {
      "shop-api runs an SSH server": container({ command: ["/usr/sbin/sshd", "-D"] }),
      "api runs an SSH server": pod({ container: { ports: [{ containerPort: 22 }] } }),
    },
  },
};
