import type { Cases } from "../support/cases";
import { container, pod } from "../support/plain";

const podSecurity = (changes: object) => ({
  pod: { securityContext: { runAsNonRoot: true, runAsUser: 10_001, runAsGroup: 10_001, ...changes } },
});

export const privilegeCases: Cases = {
  "no-privileged": {
    passes: [container(), container({ privileged: false }), pod()],
    fails: {
      "shop-api is privileged": container({ privileged: true }),
      "api is privileged": pod({ security: { privileged: true } }),
    },
  },
  "no-new-privileges": {
    passes: [container(), container({ securityOpts: ["no-new-privileges:true"] }), pod()],
    fails: {
      "shop-api may gain privileges": container({ securityOpts: ["no-new-privileges:false"] }),
      "api may gain privileges": pod({ security: { allowPrivilegeEscalation: undefined } }),
    },
  },
  "run-as-non-root": {
    passes: [
      container({ user: "app" }),
      pod(),
      pod({ security: { runAsNonRoot: true }, ...podSecurity({ runAsNonRoot: false }) }),
    ],
    fails: {
      "shop-api may run as root": container({ user: undefined }),
      "api may run as root": pod({ security: { runAsNonRoot: false } }),
    },
  },
  "no-root-uid": {
    passes: [container({ user: undefined }), pod()],
    fails: {
      "shop-api has root as its user": container({ user: "root:10001" }),
      "api has root as its user": pod({ security: { runAsUser: 0 } }),
    },
  },
  "high-uid": {
    passes: [container(), pod()],
    fails: {
      "shop-api has the group 70, below 10000": container({ user: "10001:70" }),
      "shop-api names no group": container({ user: "10001" }),
      "api has the user 70, below 10000": pod(podSecurity({ runAsUser: 70 })),
    },
  },
  "no-root-group": {
    passes: [container(), pod()],
    fails: {
      "shop-api has root's group": container({ groupAdds: ["0"] }),
      "api has root's group": pod(podSecurity({ fsGroup: 0 })),
    },
  },
  "drop-all-capabilities": {
    passes: [container({ capabilities: { drops: ["all"] } }), pod()],
    fails: {
      "shop-api does not drop all capabilities": container({ capabilities: undefined }),
      "api does not drop all capabilities": pod({ security: { capabilities: { drop: ["NET_RAW"] } } }),
    },
  },
  "no-dangerous-capabilities": {
    passes: [container({ capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN"] } }), pod()],
    fails: {
      "shop-api adds NET_ADMIN, SYS_ADMIN": container({ capabilities: { adds: ["CAP_SYS_ADMIN", "net_admin"] } }),
      "api adds ALL": pod({ security: { capabilities: { drop: ["ALL"], add: ["ALL"] } } }),
    },
  },
  "no-added-capabilities": {
    passes: [container({ capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] } }), pod()],
    fails: {
      "shop-api adds CHOWN": container({ capabilities: { drops: ["ALL"], adds: ["CHOWN"] } }),
      "api adds SETUID": pod({ security: { capabilities: { drop: ["ALL"], add: ["SETUID"] } } }),
    },
  },
  "read-only-rootfs": {
    passes: [container(), pod()],
    fails: {
      "shop-api can write to its root file system": container({ readOnly: undefined }),
      "api can write to its root file system": pod({ security: { readOnlyRootFilesystem: false } }),
    },
  },
};
