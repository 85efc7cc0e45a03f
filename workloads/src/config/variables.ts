import { randomInt } from "node:crypto";
import { z } from "zod";

/** Takes a remark on a value that was replaced by its default. */
export type Warn = (remark: string) => void;

const missing = (name: string): string =>
  `is missing; set ${name}, or ${name}_FILE to the path of a file that holds it`;

const required = (name: string) => z.string({ error: missing(name) });

const url = (name: string, ...schemes: readonly string[]) =>
  required(name).refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
    error: `is not a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(" or ")}`,
  });

const redisUrl = (name: string) => url(name, "redis:", "rediss:");

const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

/** What every role reads. */
export const commonVariables = {
  /** Port of the HTTP server. */
  PORT: whole("is not a port from 0 to 65535", 0, 65_535).default(8_080),
  /** Level of the log; wins over RUST_LOG. */
  LOG_LEVEL: z.string().optional(),
  /** The same in the older spelling, such as `info,trading_bot=debug`. */
  RUST_LOG: z.string().optional(),
  /** Directory that gets a copy of the log, with one older file kept; without it the log goes to standard output alone. */
  LOG_DIR: z.string().optional(),
  /** File that gets the copy instead, whatever the role is called. */
  LOG_FILE: z.string().optional(),
  /** MiB at which a copy is set aside, and how many older ones are kept. */
  LOG_FILE_MIB: whole("is not a number of MiB from 1 to 1024", 1, 1_024).default(10),
  LOG_FILES_OLDER: whole("is not a number of files from 1 to 100", 1, 100).default(1),
  /** File that gets a copy of what is an error or worse. */
  LOG_ERROR_FILE: z.string().optional(),
  /** Fields of a line: `full` has the place in the program, under other names. */
  LOG_LAYOUT: z.enum(["short", "full"], { error: "is unknown; use short or full" }).default("short"),
  /** Name of the environment, for the log. */
  ENVIRONMENT: z.string().default("development"),
};

export const redisVariables = { REDIS_URL: redisUrl("REDIS_URL") };

/** Streams may live apart from the price cache, on a server that evicts nothing. */
export const messageVariables = { ...redisVariables, MESSAGES_REDIS_URL: redisUrl("MESSAGES_REDIS_URL").optional() };

export const postgresVariables = { DATABASE_URL: url("DATABASE_URL", "postgres:", "postgresql:") };

export const exchangeVariables = {
  EXCHANGE_API_KEY: required("EXCHANGE_API_KEY"),
  EXCHANGE_API_SECRET: required("EXCHANGE_API_SECRET"),
};

/** Limits of risk in USD. A value that cannot be used does not stop the start: the default holds, and a warning says so. */
export const limitVariables = (warn: Warn) => ({
  MAX_POSITION_SIZE: limit("MAX_POSITION_SIZE", 10_000, warn),
  MAX_DAILY_LOSS: limit("MAX_DAILY_LOSS", 1_000, warn),
});

/** Seed of the simulation. Without one each start differs; the log tells which was drawn. */
export const seedVariables = {
  SEED: whole("is not a whole number from 0 to 4294967295", 0, 0xffff_ffff).default(() => randomInt(0xffff_ffff)),
};

export const feedVariables = {
  SYMBOLS: list
    .pipe(z.array(z.string()).min(1, "names no symbol; use a list such as BTCUSDT,ETHUSDT"))
    .default(["BTCUSDT", "ETHUSDT", "SOLUSDT"]),
  /** Where prices come from. */
  FEED: z.enum(["simulated"], { error: "is unknown; use simulated" }).default("simulated"),
  /** Milliseconds from one price to the next. */
  TICK_MS: milliseconds(1_000),
};

function whole(error: string, min: number, max: number) {
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** A duration in milliseconds, at least 10. */
export function milliseconds(byDefault: number) {
  return whole("is not a number of milliseconds, at least 10", 10, 86_400_000).default(byDefault);
}

function limit(name: string, byDefault: number, warn: Warn) {
  return z.coerce
    .number()
    .positive()
    .catch(({ value }) => {
      warn(`${name} is ${JSON.stringify(value)}, not a positive number of USD; using ${byDefault}`);
      return byDefault;
    })
    .default(byDefault);
}
