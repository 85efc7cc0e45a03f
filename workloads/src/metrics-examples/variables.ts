import { z } from "zod";

const required = (name: string) =>
  z.string({ error: `is missing; set ${name}, or ${name}_FILE to the path of a file that holds it` });
const url = (name: string) => required(name).pipe(z.url({ protocol: /^https?$/, error: "is no http or https URL" }));
const port = (error: string) => z.coerce.number({ error }).int({ error }).min(1, { error }).max(65_535, { error });
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);
const buckets = list
  .transform((items) => items.map(Number))
  .refine((bounds) => bounds.length > 0 && bounds.every((bound, index) => bound > (bounds[index - 1] ?? 0)), {
    error: "is no list of growing positive numbers",
  });

/** What is quoted, and how often. Whoever has the same sees the same quotes. */
export const quoteVariables = {
  TICKERS: list.default(["SBERP", "SBER", "GAZP"]),
  /** Seconds from one turn to the next. */
  INTERVAL: z.coerce.number().int().min(1).max(3_600).default(30),
  SEED: z.coerce.number().int().min(0).max(0xffff_ffff).default(1),
  /** Address of the exchange, such as `https://iss.moex.com`; without it quotes are simulated. */
  MOEX_URL: url("MOEX_URL").optional(),
};

export const workerVariables = {
  ...quoteVariables,
  /** Upper bounds of the histogram, in rubles. */
  PRICE_BUCKETS: buckets.default(Array.from({ length: 20 }, (_, index) => 25 * (index + 1))),
};

export const influxVariables = {
  INFLUXDB_URL: url("INFLUXDB_URL"),
  INFLUXDB_DATABASE: z.string().default("pyexample"),
  INFLUXDB_USER: required("INFLUXDB_USER"),
  INFLUXDB_PASSWORD: required("INFLUXDB_PASSWORD"),
};

export const prefixVariables = { GRAPHITE_PREFIX: z.string().default("stocks") };

export const scraperVariables = {
  ...quoteVariables,
  ...influxVariables,
  ...prefixVariables,
  GRAPHITE_HOST: required("GRAPHITE_HOST"),
  GRAPHITE_PORT: port("is no port").default(2_003),
  /** Without it nothing is sent to StatsD. */
  STATSD_HOST: z.string().optional(),
  STATSD_PORT: port("is no port").default(8_125),
};

export const backendVariables = {
  TICKERS: quoteVariables.TICKERS,
  ...influxVariables,
  ...prefixVariables,
  GRAPHITE_URL: url("GRAPHITE_URL"),
};
