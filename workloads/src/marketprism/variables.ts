import { z } from "zod";
import { milliseconds } from "../config/variables.ts";

const address = (name: string) =>
  z.string({ error: `is missing; set ${name}` }).refine((value) => URL.canParse(value), { error: "is not a URL" });

const whole = (byDefault: number) => z.coerce.number().int().min(1).default(byDefault);

/** What every service of MarketPrism reads. */
export const serviceVariables = {
  SERVICE_NAME: z.string({ error: "is missing; set SERVICE_NAME" }).min(1),
  SERVICE_VERSION: z.string().default("v1.0.0"),
  /** Time in which a request to another service must be answered whole. */
  HTTP_TIMEOUT_MS: milliseconds(30_000),
  /** Connections to one other service at once. */
  HTTP_POOL_LIMIT: whole(100),
  /** Failures in a row after which another service is left alone. */
  BREAKER_FAILURES: whole(5),
  /** How long it is left alone before one request tries it again. */
  BREAKER_RECOVERY_MS: milliseconds(60_000),
};

export const natsVariables = {
  NATS_URL: address("NATS_URL"),
  NATS_USER: z.string().optional(),
  NATS_PASSWORD: z.string().optional(),
};

export const clickhouseVariables = {
  CLICKHOUSE_URL: address("CLICKHOUSE_URL"),
  CLICKHOUSE_USER: z.string().default("default"),
  CLICKHOUSE_PASSWORD: z.string().default(""),
};

export const upstreamVariables = {
  COLLECTOR_URL: address("COLLECTOR_URL"),
  STORAGE_URL: address("STORAGE_URL"),
};

export type ServiceConfig = z.output<z.ZodObject<typeof serviceVariables>>;
export type NatsConfig = z.output<z.ZodObject<typeof natsVariables>>;
export type ClickHouseConfig = z.output<z.ZodObject<typeof clickhouseVariables>>;
