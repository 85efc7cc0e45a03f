import type { Problem } from "../../core/errors";
import type { ServicePlan } from "../../core/plan-types";
import { sorted } from "../names";
import { exposedPorts, schemeOf } from "../ports";
import { healthcheckOf } from "./health";
import type { ContainerArgs, PublishedPort } from "./model";

export interface PublishOptions {
  /** Added to every port number on the host. */
  readonly hostPortBase: number;
  /** Where ports with the exposure `loopback` are published. */
  readonly publishAddress: string;
}

const everyAddress = "0.0.0.0";
const sharesOfOneCore = 1024;

/** The provider's arguments, as far as they are the same for every replica but for the label with its number. */
export function containerArgs(
  plan: ServicePlan,
  image: string,
  labels: Readonly<Record<string, string>>,
  publish: PublishOptions,
): Omit<ContainerArgs, "networkMode"> {
  const ports = publishedPorts(plan, publish);
  const hostMounts = plan.hostMounts.map(({ source, path, readOnly }) => ({
    hostPath: source,
    containerPath: path,
    readOnly,
  }));
  return {
    image,
    ...(plan.command === undefined ? {} : { entrypoints: plan.command }),
    ...(plan.args === undefined ? {} : { command: plan.args }),
    ...securityArgs(plan),
    ...resourceArgs(plan),
    ...kernelArgs(plan),
    ...(hostMounts.length === 0 ? {} : { volumes: hostMounts }),
    ...(ports.length === 0 ? {} : { ports }),
    // as on Kubernetes, the service's process is process 1 itself
    init: false,
    healthcheck: healthcheckOf(plan),
    ...restartArgs(plan),
    stopSignal: plan.shutdown.signal,
    stopTimeout: plan.shutdown.graceSeconds,
    // without it the provider kills at once when it removes or replaces
    destroyGraceSeconds: plan.shutdown.graceSeconds,
    logDriver: "json-file",
    logOpts: logOptions(plan),
    labels: Object.entries(labels).map(([label, value]) => ({ label, value })),
  };
}

function logOptions({ logging: { maxSizeMiB, maxFiles, compress } }: ServicePlan): Readonly<Record<string, string>> {
  return {
    ...(compress === undefined ? {} : { compress: String(compress) }),
    "max-file": String(maxFiles),
    "max-size": `${maxSizeMiB}m`,
  };
}

/** Capabilities as the engine spells them: in capitals and with their prefix. */
function securityArgs({
  security,
}: ServicePlan): Pick<ContainerArgs, "user" | "groupAdds" | "readOnly" | "capabilities" | "securityOpts"> {
  const adds = security.addCapabilities.map((capability) => `CAP_${capability}`).sort();
  const securityOpts = [
    ...(security.appArmor === "runtime/default" ? [] : [`apparmor=${security.appArmor}`]),
    ...(security.noNewPrivileges ? ["no-new-privileges"] : []),
  ];
  return {
    user: `${security.user}:${security.group}`,
    ...(security.supplementalGroups.length === 0 ? {} : { groupAdds: security.supplementalGroups.map(String).sort() }),
    readOnly: security.readOnlyRoot,
    capabilities: { drops: ["ALL"], ...(adds.length === 0 ? {} : { adds }) },
    ...(securityOpts.length === 0 ? {} : { securityOpts }),
  };
}

/** Memory and swap together are the memory limit: what does not fit is stopped, as on Kubernetes, and not swapped out. */
function resourceArgs({
  resources,
  kernel,
}: ServicePlan): Pick<ContainerArgs, "cpus" | "cpuShares" | "memory" | "memoryReservation" | "memorySwap" | "shmSize"> {
  const { cpuMillis, memoryMiB } = resources;
  return {
    ...(cpuMillis.limit === undefined ? {} : { cpus: cores(cpuMillis.limit) }),
    cpuShares: Math.max(2, Math.round((cpuMillis.request * sharesOfOneCore) / 1000)),
    memory: memoryMiB.limit,
    memoryReservation: memoryMiB.request,
    memorySwap: memoryMiB.limit,
    ...(kernel.shmMiB === undefined ? {} : { shmSize: kernel.shmMiB }),
  };
}

/** Cores as the provider reads them back: 0.5, and 2.0 for a whole number. */
function cores(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}.0` : String(millis / 1000);
}

function kernelArgs({ kernel, scratch, security }: ServicePlan): Pick<ContainerArgs, "sysctls" | "ulimits" | "tmpfs"> {
  const ulimits = sorted(kernel.ulimits).map(([name, { soft, hard }]) => ({ name, soft, hard }));
  const tmpfs = sorted(scratch).map(([, { path, sizeMiB, noexec }]): [string, string] => [
    path,
    [
      ...["rw", "nosuid", "nodev", noexec === false ? "exec" : "noexec", `size=${sizeMiB}m`, "mode=1777"],
      // where the image has a folder, some engines give the new one its mode: then at least its owner is right
      ...[`uid=${security.user}`, `gid=${security.group}`],
    ].join(","),
  ]);
  return {
    ...(Object.keys(kernel.sysctls).length === 0 ? {} : { sysctls: Object.fromEntries(sorted(kernel.sysctls)) }),
    ...(ulimits.length === 0 ? {} : { ulimits }),
    ...(tmpfs.length === 0 ? {} : { tmpfs: Object.fromEntries(tmpfs) }),
  };
}

/** How often a job that fails is tried again when nothing else is said: as often as Kubernetes does. */
const jobAttempts = 6;

function restartArgs({ kind, restart }: ServicePlan): Pick<ContainerArgs, "restart" | "maxRetryCount"> {
  const attempts = restart.maxAttempts ?? (kind === "job" ? jobAttempts : undefined);
  switch (restart.policy) {
    case "always":
      return { restart: "unless-stopped" };
    case "onFailure":
      return {
        restart: "on-failure",
        ...(attempts === undefined ? {} : { maxRetryCount: attempts }),
      };
    case "never":
      return { restart: "no" };
  }
}

function publishedPorts({ ports }: ServicePlan, publish: PublishOptions): PublishedPort[] {
  return exposedPorts(ports).map(([, { number, hostNumber = number, exposure, protocol }]) => ({
    internal: number,
    external: publish.hostPortBase + hostNumber,
    ip: exposure === "public" ? everyAddress : publish.publishAddress,
    protocol,
  }));
}

/** Where each exposed port answers for somebody on the machine itself. */
export function addressesOf(service: ServicePlan, publish: PublishOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(
    exposedPorts(service.ports).map(([name, { number, hostNumber = number, exposure }]) => {
      const host = exposure === "public" ? "127.0.0.1" : publish.publishAddress;
      const address = `${host}:${publish.hostPortBase + hostNumber}`;
      const scheme = schemeOf(service, name);
      return [name, scheme === "http" || scheme === "https" ? `${scheme}://${address}` : address];
    }),
  );
}

/** Host ports above 65535 after the base was added. */
export function portProblems(service: ServicePlan, { hostPortBase }: PublishOptions): readonly Problem[] {
  return exposedPorts(service.ports)
    .map(([name, { number, hostNumber = number }]) => ({ name, external: hostPortBase + hostNumber }))
    .filter(({ external }) => external > 65_535)
    .map(({ name, external }) => ({
      path: `services.${service.name}.ports.${name}.hostNumber`,
      given: `is ${external} with the base ${hostPortBase}`,
      remedy: "use a smaller number or hostPortBase, so that the sum is at most 65535",
    }));
}
