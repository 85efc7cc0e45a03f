import { z } from "zod";

const words = z.array(z.string()).nullish();
const texts = z.record(z.string(), z.string()).nullish();

/** What the Engine says of a container, as far as it is compared. */
export const realContainer = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  State: z.object({ Status: z.string() }),
  Config: z.object({
    Image: z.string(),
    User: z.string(),
    Env: words,
    Labels: texts,
    Entrypoint: words,
    Cmd: words,
    StopSignal: z.string().nullish(),
    StopTimeout: z.number().nullish(),
    Healthcheck: z
      .object({
        Test: words,
        Interval: z.number().nullish(),
        Timeout: z.number().nullish(),
        StartPeriod: z.number().nullish(),
        Retries: z.number().nullish(),
      })
      .nullish(),
  }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    Privileged: z.boolean(),
    PidMode: z.string(),
    IpcMode: z.string(),
    UsernsMode: z.string(),
    Devices: z
      .array(z.object({ PathOnHost: z.string(), PathInContainer: z.string(), CgroupPermissions: z.string() }))
      .nullish(),
    Init: z.boolean().nullish(),
    CapDrop: words,
    CapAdd: words,
    SecurityOpt: words,
    GroupAdd: words,
    NanoCpus: z.number(),
    CpuShares: z.number(),
    Memory: z.number(),
    MemoryReservation: z.number(),
    MemorySwap: z.number(),
    ShmSize: z.number(),
    Sysctls: texts,
    Tmpfs: texts,
    NetworkMode: z.string(),
    Binds: words,
    VolumesFrom: words,
    RestartPolicy: z.object({ Name: z.string(), MaximumRetryCount: z.number() }),
    LogConfig: z.object({ Type: z.string(), Config: texts }),
    Ulimits: z.array(z.object({ Name: z.string(), Soft: z.number(), Hard: z.number() })).nullish(),
    PortBindings: z
      .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullish())
      .nullish(),
  }),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()).nullish() }),
});
export type RealContainer = z.output<typeof realContainer>;

/** Networks that nobody makes; the mode of a container's network says which of them it is on. */
const builtIn = ["bridge", "default", "host", "none"];
const mebibyte = 2 ** 20;
const billion = 1e9;

/** A container as if the provider had made it so: its inputs. `ofImage` are the variables that its image brings. */
export function inputsOfReal({ Name, Config, HostConfig, NetworkSettings }: RealContainer, ofImage: readonly string[]) {
  const { RestartPolicy, LogConfig } = HostConfig;
  return {
    name: Name.slice(1),
    image: Config.Image,
    entrypoints: Config.Entrypoint ?? undefined,
    command: Config.Cmd ?? undefined,
    user: Config.User,
    envs: (Config.Env ?? []).filter((variable) => !ofImage.includes(variable)),
    labels: Object.entries(Config.Labels ?? {}).map(([label, value]) => ({ label, value })),
    stopSignal: Config.StopSignal ?? undefined,
    stopTimeout: Config.StopTimeout ?? undefined,
    healthcheck: Config.Healthcheck ? healthcheckOf(Config.Healthcheck) : undefined,
    readOnly: HostConfig.ReadonlyRootfs,
    privileged: HostConfig.Privileged,
    pidMode: HostConfig.PidMode,
    ipcMode: HostConfig.IpcMode,
    usernsMode: HostConfig.UsernsMode,
    devices: (HostConfig.Devices ?? []).map(({ PathOnHost, PathInContainer, CgroupPermissions }) => ({
      hostPath: PathOnHost,
      containerPath: PathInContainer,
      permissions: CgroupPermissions,
    })),
    init: HostConfig.Init ?? false,
    capabilities: { drops: HostConfig.CapDrop ?? [], adds: HostConfig.CapAdd ?? [] },
    securityOpts: HostConfig.SecurityOpt ?? [],
    groupAdds: HostConfig.GroupAdd ?? [],
    cpus: String(HostConfig.NanoCpus / billion),
    cpuShares: HostConfig.CpuShares,
    memory: HostConfig.Memory / mebibyte,
    memoryReservation: HostConfig.MemoryReservation / mebibyte,
    memorySwap: HostConfig.MemorySwap / mebibyte,
    shmSize: HostConfig.ShmSize / mebibyte,
    sysctls: HostConfig.Sysctls ?? {},
    tmpfs: HostConfig.Tmpfs ?? {},
    networkMode: HostConfig.NetworkMode,
    restart: RestartPolicy.Name === "" ? "no" : RestartPolicy.Name,
    maxRetryCount: RestartPolicy.MaximumRetryCount,
    logDriver: LogConfig.Type,
    logOpts: LogConfig.Config ?? {},
    ulimits: (HostConfig.Ulimits ?? []).map(({ Name: name, Soft, Hard }) => ({ name, soft: Soft, hard: Hard })),
    ports: portsOf(HostConfig.PortBindings ?? {}),
    networksAdvanced: Object.keys(NetworkSettings.Networks ?? {})
      .filter((name) => !builtIn.includes(name))
      .map((name) => ({ name })),
    volumes: [
      ...(HostConfig.Binds ?? []).map(bindOf),
      ...(HostConfig.VolumesFrom ?? []).map((fromContainer) => ({ fromContainer })),
    ],
  };
}

function healthcheckOf({ Test, ...rest }: NonNullable<RealContainer["Config"]["Healthcheck"]>) {
  const seconds = (nanoseconds: number | null | undefined): string | undefined =>
    nanoseconds ? `${nanoseconds / billion}s` : undefined;
  return {
    tests: Test ?? [],
    interval: seconds(rest.Interval),
    timeout: seconds(rest.Timeout),
    startPeriod: seconds(rest.StartPeriod),
    retries: rest.Retries ?? undefined,
  };
}

/** Each port of a container on each of its addresses. */
function portsOf(bindings: NonNullable<RealContainer["HostConfig"]["PortBindings"]>) {
  return Object.entries(bindings).flatMap(([port, hosts]) => {
    const [internal, protocol = "tcp"] = port.split("/");
    return (hosts ?? []).map(({ HostIp, HostPort }) => ({
      ...{ internal: Number(internal), protocol, external: Number(HostPort) },
      ip: HostIp === "" ? "0.0.0.0" : HostIp,
    }));
  });
}

/** A mount, such as shop-data:/data:rw; a source that begins with a slash is a folder of the machine. */
function bindOf(bind: string) {
  const [source = "", containerPath = "", mode = "rw"] = bind.split(":");
  const place = { containerPath, readOnly: mode.split(",").includes("ro") };
  return source.startsWith("/") ? { hostPath: source, ...place } : { volumeName: source, ...place };
}
