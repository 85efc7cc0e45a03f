import type { CatalogueBuilder } from "../../components/builder";
import type { ServiceHandle } from "../../components/core/service-handle";
import type { ServiceSpec } from "../../components/core/spec";
import type { SecretRef } from "../../components/core/value";
import { running, workloadsImage } from "../workloads";
import type { AlgoTradingSettings } from "./settings";

/** What the applications of the system find around them. */
export interface Surroundings {
  readonly system: CatalogueBuilder;
  readonly settings: AlgoTradingSettings;
  readonly database: ServiceHandle;
  /** Redis for prices: forgets the oldest when it is full. */
  readonly prices: ServiceHandle;
  /** Redis for messages: forgets nothing. */
  readonly messages: ServiceHandle;
  readonly account: { readonly key: SecretRef; readonly secret: SecretRef };
}

export type Role = "trading-bot" | "market-data" | "risk-manager" | "order-execution";

/** One of the applications: all are the same image, told their role by an argument. */
export function workload(
  { system, settings }: Surroundings,
  role: Role,
  { debugger: debuggerPort, ...spec }: Omit<ServiceSpec, "image"> & { readonly debugger?: number },
): ServiceHandle {
  const { args, files, hostMounts } = running(program(role, debuggerPort), settings);
  return system.service(role, {
    probes: health({ periodSeconds: 10, timeoutSeconds: 6, failures: 3 }),
    resources: { cpuMillis: { request: 50, limit: 500 }, memoryMiB: { request: 96, limit: 384 } },
    ...spec,
    image: workloadsImage,
    args,
    ports: { http: { number: 8080 }, ...spec.ports },
    env: {
      ENVIRONMENT: settings.development ? "development" : "production",
      LOG_LEVEL: settings.logLevel,
      ...spec.env,
    },
    files: [...(spec.files ?? []), ...files],
    hostMounts,
  });
}

/** Ready when its dependencies answer; alive as long as it answers itself, since a restart mends nobody else. */
export function health(timing: {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failures: number;
}): NonNullable<ServiceSpec["probes"]> {
  return {
    ready: { http: { port: "http", path: "/health" }, ...timing },
    live: { http: { port: "http", path: "/live" }, ...timing },
    startupSeconds: 60,
  };
}

function program(role: Role, debuggerPort: number | undefined): string[] {
  return ["node", ...(debuggerPort === undefined ? [] : [`--inspect=0.0.0.0:${debuggerPort}`]), "src/main.ts", role];
}

/** Variables with the keys of the exchange account, as files. */
export function accountOf(role: Role, { system, account }: Surroundings): Record<string, string> {
  return {
    EXCHANGE_API_KEY_FILE: system.secretFile(role, "exchange-api-key", account.key),
    EXCHANGE_API_SECRET_FILE: system.secretFile(role, "exchange-api-secret", account.secret),
  };
}

/** Connects an application to all three stores; the database's address holds the password, so it comes as a file. */
export function connectToStores(handle: ServiceHandle, role: Role, around: Surroundings): ServiceHandle {
  return handle
    .connectsTo(around.database, {
      env: ({ url }) => ({ DATABASE_URL_FILE: around.system.secretFile(role, "database-url", url) }),
    })
    .connectsTo(around.prices, { env: ({ url }) => ({ REDIS_URL: url }) })
    .connectsTo(around.messages, { env: ({ url }) => ({ MESSAGES_REDIS_URL: url }) });
}
