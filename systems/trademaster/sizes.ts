import type { ServiceSpec } from "../../components/core/spec";
import type { TradeMasterSettings } from "./settings";

type Environment = TradeMasterSettings["environment"];
type HowMany = Pick<ServiceSpec, "replicas" | "autoscale">;

/** Web services that come and go with the load; fewer of the others, whose number is fixed. */
export const howMany: Readonly<Record<Environment, Readonly<Record<"web" | "api" | "worker", HowMany>>>> = {
  development: { web: {}, api: {}, worker: {} },
  staging: { web: { autoscale: { min: 2, max: 5, cpuPercent: 80 } }, api: { replicas: 2 }, worker: {} },
  production: {
    web: { autoscale: { min: 5, max: 10, cpuPercent: 80 } },
    api: { replicas: 3 },
    worker: { replicas: 3 },
  },
};

/** Cores and MiB that an application may take. */
export interface Size {
  readonly cpuMillis: { readonly request: number; readonly limit: number };
  readonly memoryMiB: { readonly request: number; readonly limit: number };
}

const small: Size = { cpuMillis: { request: 50, limit: 1_000 }, memoryMiB: { request: 96, limit: 256 } };
const staging: Size = { cpuMillis: { request: 1_000, limit: 2_000 }, memoryMiB: { request: 2_048, limit: 4_096 } };
const production: Size = { cpuMillis: { request: 2_000, limit: 4_000 }, memoryMiB: { request: 4_096, limit: 8_192 } };

export function sizeOf({ profile, environment }: Pick<TradeMasterSettings, "profile" | "environment">): Size {
  if (profile === "small") return small;
  return environment === "production" ? production : staging;
}

/** MiB of the database; its settings are made for 16 GiB, and shrink with it. */
export const databaseMiB = ({ profile }: Pick<TradeMasterSettings, "profile">): number =>
  profile === "full" ? 16_384 : 1_024;

/** Threads of libraries that count cores of the machine and not those that they may use: at most four. */
export function threadVariables({ cpuMillis }: Size): Readonly<Record<string, string>> {
  const threads = String(Math.max(1, Math.min(4, Math.floor(cpuMillis.limit / 1_000))));
  return Object.fromEntries(
    ["OMP", "MKL", "OPENBLAS", "NUMEXPR"]
      .map((library) => [`${library}_NUM_THREADS`, threads])
      .concat([["UV_THREADPOOL_SIZE", threads]]),
  ) as Record<string, string>;
}
