import type { Cases } from "../support/cases";
import { container, pod } from "../support/plain";

const podSecurity = (changes: object) => ({ pod: { securityContext: { runAsNonRoot: true, ...changes } } });

export const confinementCases: Cases = {
  "seccomp-default": {
    passes: [container(), container({ securityOpts: ["seccomp=/etc/own.json"] }), pod()],
    fails: {
      "shop-api has no filter of system calls": container({ securityOpts: ["seccomp=unconfined"] }),
      "api has no filter of system calls": pod(podSecurity({ seccompProfile: undefined })),
    },
  },
  "apparmor-not-unconfined": {
    passes: [
      container({ securityOpts: ["apparmor=own"] }),
      pod({ security: { appArmorProfile: { type: "Localhost" } } }),
    ],
    fails: {
      "shop-api is not confined by AppArmor": container({ securityOpts: ["apparmor:unconfined"] }),
      "api is not confined by AppArmor": pod({ security: { appArmorProfile: { type: "Unconfined" } } }),
    },
  },
  "selinux-types": {
    passes: [container({ securityOpts: ["label=type:container_t"] }), pod()],
    fails: {
      "shop-api is not confined by SELinux": container({ securityOpts: ["label=disable"] }),
      "api has the SELinux type spc_t": pod({ security: { seLinuxOptions: { type: "spc_t" } } }),
      "api has an SELinux user or role of its own": pod(podSecurity({ seLinuxOptions: { user: "system_u" } })),
    },
  },
  "default-proc-mount": {
    passes: [pod(), pod({ security: { procMount: "Default" } })],
    fails: { "api has an unmasked /proc": pod({ security: { procMount: "Unmasked" } }) },
  },
  "safe-sysctls": {
    passes: [container({ sysctls: { "net.ipv4.tcp_keepalive_time": "60" } }), pod()],
    fails: {
      "shop-api sets net.core.somaxconn": container({ sysctls: { "net.core.somaxconn": "4096" } }),
      "api sets kernel.msgmax": pod(podSecurity({ sysctls: [{ name: "kernel.msgmax", value: "65536" }] })),
    },
  },
  "no-host-process": {
    passes: [pod()],
    fails: {
      "api runs as a process of the machine": pod({ security: { windowsOptions: { hostProcess: true } } }),
    },
  },
  "allowed-volume-types": {
    passes: [pod(), pod({ pod: { volumes: [{ name: "data", hostPath: { path: "/data" } }] } })],
    fails: {
      "api has a volume of the type nfs": pod({ pod: { volumes: [{ name: "data", nfs: { server: "nas" } }] } }),
    },
  },
  "no-automount-token": {
    passes: [pod()],
    fails: { "api gets a token for the cluster's API": pod({ pod: { automountServiceAccountToken: undefined } }) },
  },
  "dedicated-service-account": {
    passes: [pod(), pod({ pod: { serviceAccount: "api" } })],
    fails: {
      "api uses the default service account": pod({ pod: { serviceAccountName: "default" } }),
      "api uses the default service account; api names its account in the deprecated field serviceAccount": pod({
        pod: { serviceAccountName: undefined, serviceAccount: "api" },
      }),
    },
  },
};
