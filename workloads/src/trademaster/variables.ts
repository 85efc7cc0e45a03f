import { z } from "zod";
import { feedVariables, milliseconds, postgresVariables, redisVariables, seedVariables } from "../config/variables.ts";

const whole = (error: string, min: number, max: number) =>
  z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });

const secret = (name: string) =>
  z.string({ error: `is missing; set ${name}_FILE to the path of a file that holds it` }).min(1, "is empty");

/** What all three roles read. */
export const sharedVariables = {
  ...postgresVariables,
  ...redisVariables,
  /** Connections to PostgreSQL at most, and seconds that a question waits for one. */
  DATABASE_MAX_CONNECTIONS: whole("is not a number of connections from 1 to 200", 1, 200).default(20),
  DATABASE_CONNECTION_TIMEOUT: whole("is not a number of seconds from 1 to 300", 1, 300).default(30),
  /** Seconds that results are kept in Redis. */
  CACHE_TTL_SECONDS: whole("is not a number of seconds from 1 to 86400", 1, 86_400).default(3_600),
  /** Port of the metrics, which the port of everything else does not show. */
  METRICS_PORT: whole("is not a port from 0 to 65535", 0, 65_535).default(8_000),
  /** Folder whose disk is watched. */
  DATA_DIR: z.string().default("/app/data"),
  SYMBOLS: feedVariables.SYMBOLS.unwrap().default(["AAPL", "GOOGL", "MSFT", "TSLA"]),
};

export const apiVariables = {
  ...sharedVariables,
  /** Who knows it may ask for a token; tokens are signed with the other one. */
  API_SECRET_KEY: secret("API_SECRET_KEY"),
  JWT_SECRET: secret("JWT_SECRET"),
};

export const workerVariables = { ...sharedVariables, ...seedVariables, TICK_MS: milliseconds(1_000) };

export type SharedConfig = z.output<z.ZodObject<typeof sharedVariables>>;
