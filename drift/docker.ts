import { z } from "zod";
import { difference, differences, under } from "./compare";
import { inputsOfReal, type RealContainer } from "./docker-real";
import type { Difference } from "./finding";
import { Secret } from "./state";

/** What a state says of a container that was made, as far as the Engine can be asked for it. */
export const madeContainer = z.object({
  name: z.string(),
  image: z.string(),
  entrypoints: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  user: z.string().optional(),
  stopSignal: z.string().optional(),
  stopTimeout: z.number().optional(),
  healthcheck: z
    .object({
      tests: z.array(z.string()),
      interval: z.string().optional(),
      timeout: z.string().optional(),
      startPeriod: z.string().optional(),
      retries: z.number().optional(),
    })
    .optional(),
  readOnly: z.boolean().optional(),
  privileged: z.boolean().default(false),
  pidMode: z.string().default(""),
  usernsMode: z.string().default(""),
  devices: z.array(z.unknown()).default([]),
  init: z.boolean().optional(),
  capabilities: z.object({ drops: z.array(z.string()).default([]), adds: z.array(z.string()).default([]) }).optional(),
  securityOpts: z.array(z.string()).optional(),
  groupAdds: z.array(z.string()).optional(),
  cpus: z.coerce.number().optional(),
  cpuShares: z.number().optional(),
  memory: z.number().optional(),
  memoryReservation: z.number().optional(),
  memorySwap: z.number().optional(),
  shmSize: z.number().optional(),
  sysctls: z.record(z.string(), z.string()).optional(),
  tmpfs: z.record(z.string(), z.string()).optional(),
  networkMode: z.string().optional(),
  restart: z.string().default("no"),
  maxRetryCount: z.number().optional(),
  logDriver: z.string().optional(),
  logOpts: z.record(z.string(), z.string()).optional(),
  ulimits: z.array(z.object({ name: z.string(), soft: z.number(), hard: z.number() })).default([]),
  ports: z
    .array(z.object({ internal: z.number(), external: z.number(), ip: z.string(), protocol: z.string() }))
    .default([]),
  networksAdvanced: z.array(z.object({ name: z.string() })).default([]),
  volumes: z
    .array(
      z.object({
        containerPath: z.string().optional(),
        hostPath: z.string().optional(),
        volumeName: z.string().optional(),
        fromContainer: z.string().optional(),
        readOnly: z.boolean().default(false),
      }),
    )
    .default([]),
  labels: z.array(z.object({ label: z.string(), value: z.string() })).default([]),
  envs: z.array(z.union([z.string(), z.instanceof(Secret)])).default([]),
});
export type MadeContainer = z.output<typeof madeContainer>;

/** Where the Engine may not have more than was made: what is there as well is a change. */
const whole = ["env", "ports"] as const;

/** What must be known of a container's surroundings to compare it. */
export interface Surroundings {
  /** The variables that its image brings. */
  readonly ofImage: readonly string[];
  /** Names of networks by their ids. */
  readonly networks: ReadonlyMap<string, string>;
}

/** What of a container is not as it was made. */
export function containerDifferences(
  made: MadeContainer,
  real: RealContainer,
  { ofImage, networks }: Surroundings,
): readonly Difference[] {
  // what runs for ever is to run now
  const status = made.restart === "unless-stopped" ? "running" : undefined;
  const described = { ...fieldsOf(made, networks), status };
  const found = {
    ...fieldsOf(madeContainer.parse(inputsOfReal(real, ofImage)), networks),
    status: real.State.Status,
  };
  const added = whole.flatMap((field) =>
    Object.entries(found[field])
      .filter(([key]) => !(key in described[field]))
      .map(([key, value]) => difference(under(field, key), undefined, field === "env" ? new Secret(value) : value)),
  );
  return [...differences(described, found), ...added];
}

/** A container's inputs in a form that does not depend on the order of lists, or on notation. */
function fieldsOf({ name: _, envs, networksAdvanced, ...made }: MadeContainer, networks: Surroundings["networks"]) {
  return {
    ...made,
    healthcheck: made.healthcheck && inSeconds(made.healthcheck),
    capabilities: made.capabilities && {
      drops: listOf(made.capabilities.drops),
      adds: listOf(made.capabilities.adds),
    },
    securityOpts: made.securityOpts && listOf(made.securityOpts),
    groupAdds: made.groupAdds && listOf(made.groupAdds),
    ulimits: Object.fromEntries(made.ulimits.map(({ name, soft, hard }) => [name, { soft, hard }])),
    ports: Object.fromEntries(
      made.ports.map(({ internal, external, ip, protocol }) => [`${internal}/${protocol}`, `${ip}:${external}`]),
    ),
    networks: listOf(networksAdvanced.map(({ name }) => networks.get(name) ?? name)),
    volumes: listOf(made.volumes.flatMap(mountOf)),
    labels: Object.fromEntries(made.labels.map(({ label, value }) => [label, value])),
    env: Object.fromEntries(envs.map(environmentOf)),
  };
}

/** In an order of its own: the Engine keeps none. */
const listOf = (items: readonly string[]): readonly string[] => [...items].sort();

/** A health check with its durations in seconds. */
function inSeconds({ interval, timeout, startPeriod, ...rest }: NonNullable<MadeContainer["healthcheck"]>) {
  return { ...rest, interval: secondsIn(interval), timeout: secondsIn(timeout), startPeriod: secondsIn(startPeriod) };
}

const unitSeconds = { h: 3600, m: 60, s: 1, ms: 0.001 } as const;

/** Of a duration as Go prints it, such as 1m0s. */
function secondsIn(duration: string | undefined): number | undefined {
  const parts = [...(duration ?? "").matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  const seconds = parts.map(([, number, unit]) => Number(number) * unitSeconds[unit as keyof typeof unitSeconds]);
  return duration === undefined ? undefined : seconds.reduce((sum, each) => sum + each, 0);
}

/** A mount as the Engine keeps it; a folder that holds a volume of the container's own is none. */
function mountOf({ containerPath, hostPath, volumeName, fromContainer, readOnly }: MadeContainer["volumes"][number]) {
  const source = hostPath ?? volumeName;
  if (fromContainer !== undefined) return [fromContainer];
  return source === undefined ? [] : [`${source}:${containerPath}${readOnly ? ":ro" : ":rw"}`];
}

function environmentOf(variable: string | Secret): readonly [string, string | Secret] {
  const text = String(variable instanceof Secret ? variable.value : variable);
  const [name = ""] = text.split("=", 1);
  const value = text.slice(name.length + 1);
  return [name, variable instanceof Secret ? new Secret(value) : value];
}
