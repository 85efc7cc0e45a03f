import { z } from "zod";

const words = z.array(z.string()).nullish();
const texts = z.record(z.string(), z.string()).nullish();

/** What the Engine says of a container, as far as it is compared. */
export const realContainer = z.object({
  Id: z.string(),
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

/** A container in the terms of the provider's inputs; `ofImage` are the variables that its image brings. */
export function fieldsOfReal(
  { State, Config, HostConfig, NetworkSettings }: RealContainer,
  ofImage: readonly string[],
) {
  const { RestartPolicy, LogConfig, Ulimits, PortBindings } = HostConfig;
  const given = (Config.Env ?? []).filter((variable) => !ofImage.includes(variable));
  const { Test, Interval, Timeout, StartPeriod, Retries } = Config.Healthcheck ?? {};
  return {
    status: State.Status,
    image: Config.Image,
    entrypoints: Config.Entrypoint,
    command: Config.Cmd,
    user: Config.User,
    stopSignal: Config.StopSignal,
    stopTimeout: Config.StopTimeout,
    healthcheck: {
      tests: Test,
      interval: secondsOf(Interval),
      timeout: secondsOf(Timeout),
      startPeriod: secondsOf(StartPeriod),
      retries: Retries,
    },
    readOnly: HostConfig.ReadonlyRootfs,
    init: HostConfig.Init ?? false,
    capabilities: { drops: listOf(HostConfig.CapDrop), adds: listOf(HostConfig.CapAdd) },
    securityOpts: listOf(HostConfig.SecurityOpt),
    groupAdds: listOf(HostConfig.GroupAdd),
    cpus: HostConfig.NanoCpus / billion,
    cpuShares: HostConfig.CpuShares,
    memory: HostConfig.Memory / mebibyte,
    memoryReservation: HostConfig.MemoryReservation / mebibyte,
    memorySwap: HostConfig.MemorySwap / mebibyte,
    shmSize: HostConfig.ShmSize / mebibyte,
    sysctls: HostConfig.Sysctls,
    tmpfs: HostConfig.Tmpfs,
    networkMode: HostConfig.NetworkMode,
    restart: RestartPolicy.Name === "" ? "no" : RestartPolicy.Name,
    maxRetryCount: RestartPolicy.MaximumRetryCount,
    logDriver: LogConfig.Type,
    logOpts: LogConfig.Config,
    ulimits: Object.fromEntries((Ulimits ?? []).map(({ Name, Soft, Hard }) => [Name, { soft: Soft, hard: Hard }])),
    ports: Object.fromEntries(
      Object.entries(PortBindings ?? {}).map(([port, bindings]) => [
        port,
        (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`).join(" "),
      ]),
    ),
    networks: listOf(Object.keys(NetworkSettings.Networks ?? {}).filter((name) => !builtIn.includes(name))),
    volumes: listOf([...(HostConfig.Binds ?? []), ...(HostConfig.VolumesFrom ?? [])]),
    labels: Config.Labels ?? {},
    env: Object.fromEntries(given.map(variableOf)),
  };
}

/** A variable's name and its value. */
export function variableOf(variable: string): readonly [string, string] {
  const [name = ""] = variable.split("=", 1);
  return [name, variable.slice(name.length + 1)];
}

/** In an order of its own: the Engine keeps none. */
export const listOf = (items: readonly string[] | null | undefined): readonly string[] => [...(items ?? [])].sort();

function secondsOf(nanoseconds: number | null | undefined): number | undefined {
  return nanoseconds === undefined || nanoseconds === null ? undefined : nanoseconds / billion;
}
