import type { ServicePlan } from "../../core/plan-types";
import { sorted } from "../names";
import type { Container, ContainerSecurityContext, PodSecurityContext } from "./pod-model";
import { sharesGroup } from "./storage";

/** The strictest that a container can be. */
export const confined: ContainerSecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** What a container may write outside its volumes, its log included: without a limit one could fill its node's disk. */
export const diskUse = {
  requests: { "ephemeral-storage": "32Mi" },
  limits: { "ephemeral-storage": "1Gi" },
} as const;

export function containerSecurity({ security }: ServicePlan): ContainerSecurityContext {
  const add = [...security.addCapabilities].sort();
  return {
    allowPrivilegeEscalation: !security.noNewPrivileges,
    readOnlyRootFilesystem: security.readOnlyRoot,
    capabilities: { ...confined.capabilities, ...(add.length === 0 ? {} : { add }) },
    ...appArmorOf(security.appArmor),
  };
}

/** The runtime's own profile is not named: nodes without AppArmor would refuse the pod. */
function appArmorOf(profile: string): Pick<ContainerSecurityContext, "appArmorProfile"> {
  switch (profile) {
    case "runtime/default":
      return {};
    case "unconfined":
      return { appArmorProfile: { type: "Unconfined" } };
    default:
      return { appArmorProfile: { type: "Localhost", localhostProfile: profile } };
  }
}

export function podSecurity(service: ServicePlan): PodSecurityContext {
  const { user, group, supplementalGroups } = service.security;
  const sysctls = sorted(service.kernel.sysctls).map(([name, value]) => ({ name, value }));
  return {
    runAsNonRoot: user !== 0,
    runAsUser: user,
    runAsGroup: group,
    // a volume with the right group already is not gone through file by file
    ...(sharesGroup(service) ? { fsGroup: group, fsGroupChangePolicy: "OnRootMismatch" } : {}),
    ...(supplementalGroups.length === 0 ? {} : { supplementalGroups: [...supplementalGroups].sort((a, b) => a - b) }),
    seccompProfile: { type: "RuntimeDefault" },
    ...(sysctls.length === 0 ? {} : { sysctls }),
  };
}

export function resourcesOf({ resources: { cpuMillis, memoryMiB } }: ServicePlan): Container["resources"] {
  return {
    requests: { cpu: `${cpuMillis.request}m`, memory: `${memoryMiB.request}Mi`, ...diskUse.requests },
    limits: {
      ...(cpuMillis.limit === undefined ? {} : { cpu: `${cpuMillis.limit}m` }),
      memory: `${memoryMiB.limit}Mi`,
      ...diskUse.limits,
    },
  };
}
